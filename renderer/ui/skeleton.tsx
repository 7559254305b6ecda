import { useLater } from '../lib/use-later'
import './skeleton.css'

/** Nothing for the first 300 ms, then the shape of what will come: a list that arrives at once must not flicker. */
export function SkeletonRows({ rows = 4, label = 'Loading' }: { readonly rows?: number; readonly label?: string }) {
  const late = useLater(true, 300)
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
