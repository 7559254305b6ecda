/** The ring is the gateway with its one opening, the centre your service, the satellite whoever comes in. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M20.04 10.37A8.2 8.2 0 1 1 13.63 3.96" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
      <circle cx="12" cy="12" r="2.9" fill="currentColor" />
      <circle cx="17.8" cy="6.2" r="2.4" fill="currentColor" />
    </svg>
  )
}
