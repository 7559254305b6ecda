import { formatClock, NO_FIGURE } from '../../lib/format'
import { type ChartData, tableRows } from './chart-data'

const MINUTE = 60_000

interface ChartTableProps {
  readonly label: string
  readonly data: ChartData | null
  readonly format: (value: number) => string
  readonly height: number
}

/** A chart's numbers, minute by minute with each minute's highest. */
export function ChartTable({ label, data, format, height }: ChartTableProps) {
  const rows = data ? tableRows(data, MINUTE) : []
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="live-chart-table" style={{ blockSize: height }} tabIndex={0} aria-label={`${label}, as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Minute</th>
            {data?.lines.map(({ name }) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{formatClock(at)}</th>
              {values.map((value, line) => (
                <td key={data?.lines[line]?.name}>{value === null ? NO_FIGURE : format(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="small quiet">Nothing measured yet</p>}
    </section>
  )
}
