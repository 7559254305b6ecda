import { Ban, Check, CircleQuestionMark, MonitorSmartphone, Server, TriangleAlert, UserRound, VenetianMask } from 'lucide-react'
import type { Attempt, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { NO_FIGURE } from '../../lib/format'
import { Icon } from '../../ui/icon'
import { Mark } from '../../ui/mark'
import { StateText } from '../../ui/status-glyph'
import { type AttemptRow, attemptRows } from './attempt-rows'
import { outcomeWords } from './outcome-words'

interface AttemptsTableProps {
  readonly service: ServiceLockdown
  readonly isVerifying: boolean
}

/** Every attempt to get past the gateway, and what came of it at each backend. */
export function AttemptsTable({ service, isVerifying }: AttemptsTableProps) {
  const { backends, name } = service
  const rows = attemptRows(service)
  const unproven = backends.some(({ proof }) => proof?.state === 'unproven')
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- many backends are wider than the window: it scrolls by the arrow keys
    <section className="attempts" aria-label={`What was tried on ${name}`} tabIndex={0}>
      <table className="table attempts-table" data-many={backends.length > 2}>
        <thead>
          <tr>
            <th scope="col">What was tried</th>
            {backends.map(({ id }) => (
              <th key={id} scope="col" className="attempt-backend">
                {id}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <span className="attempt-what">
                  <Flow row={row} />
                  <span className="strong wrap-anywhere">{row.name}</span>
                </span>
              </th>
              {backends.map(({ id }, at) => (
                <td key={id}>
                  {isVerifying ? <StateText state="checking">Trying</StateText> : <Result result={row.results[at] ?? null} />}
                </td>
              ))}
            </tr>
          ))}
          {unproven && (
            <tr>
              <th scope="row">
                <span className="attempt-what">
                  <Flow row={null} />
                  <span className="strong">From another device</span>
                </span>
              </th>
              {backends.map(({ id }) => (
                <td key={id}>
                  <span className="quiet">Not tried from here</span>
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

/** As it should be or not is told by shape, colour and, to screen readers, in words. */
function Result({ result }: { readonly result: AttemptRow['results'][number] }) {
  if (result === null)
    return (
      <span className="quiet">
        {NO_FIGURE}
        <span className="visually-hidden"> not tried</span>
      </span>
    )
  return (
    <span className="attempt-result" data-fits={result.fits ?? 'unknown'}>
      <Icon of={result.fits === null ? CircleQuestionMark : result.fits ? Check : TriangleAlert} size={14} />
      <span className="wrap-anywhere">{outcomeWords(result.outcome)}</span>
      <span className="visually-hidden">
        {result.fits === null
          ? ', which proves nothing: the rules let this computer in'
          : result.fits
            ? ', as it should be'
            : ', not as it should be'}
      </span>
    </span>
  )
}

const WHO: Readonly<Record<Attempt['what'], typeof UserRound>> = {
  'as-gateway': UserRound,
  direct: UserRound,
  'made-up': VenetianMask,
  next: UserRound,
  'own-address': UserRound,
}

const ENDS = { unknown: CircleQuestionMark, passes: TriangleAlert, refused: Ban } as const

/** Where a way around the gateway ends. */
function endOf(row: AttemptRow | null): keyof typeof ENDS {
  const results = row?.results.flatMap((result) => (result === null || result.fits === null ? [] : [result.fits])) ?? []
  return results.length === 0 ? 'unknown' : results.every(Boolean) ? 'refused' : 'passes'
}

/** The way that was tried, as a drawing; `null`: from another device. */
function Flow({ row }: { readonly row: AttemptRow | null }) {
  const through = row?.what === 'as-gateway' || row?.what === 'next'
  const end = endOf(row)
  return (
    <span className="flow" data-way={through ? 'through' : 'around'} aria-hidden="true">
      <Icon of={row === null ? MonitorSmartphone : WHO[row.what]} />
      <span className="flow-line" />
      {through ? (
        <Mark size={18} />
      ) : (
        <span className="flow-stop" data-end={end}>
          <Icon of={ENDS[end]} />
        </span>
      )}
      <span className="flow-line" data-part="last" />
      <Icon of={Server} />
    </span>
  )
}
