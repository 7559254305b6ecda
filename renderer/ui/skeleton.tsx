import { useEffect, useState } from 'react'
import './skeleton.css'

/** Nothing for the first 300 ms, then the shape of what will come: a list that arrives at once must not flicker. */
export function SkeletonRows({ rows = 4, label = 'Loading' }: { readonly rows?: number; readonly label?: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 300)
    return () => window.clearTimeout(timer)
  }, [])
  if (!late) return null
  return (
    <section aria-label={label} aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <div className="skeleton-row" key={row}>
          <span className="bone" data-shape="tile" />
          <span>
            <span className="bone" />
            <span className="bone" data-shape="second" />
          </span>
          <span className="bone" />
          <span className="bone" />
          <span className="bone" data-shape="line" />
        </div>
      ))}
    </section>
  )
}
