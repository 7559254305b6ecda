import type { Traffic } from '../../../proxy/contract/status'
import { formatBytes, formatCount, formatNumberOf, formatShare, NO_FIGURE } from '../../lib/format'

const CLASSES = [
  { class: '2xx', text: 'success' },
  { class: '3xx', text: 'moved' },
  { class: '4xx', text: 'refused' },
  { class: '5xx', text: 'failed' },
] as const

/** What the service answered since the gateway started, and what it carries now. */
export function AnswerMix({
  traffic,
  live,
  isStream,
}: {
  readonly traffic: Traffic | null
  readonly live: boolean
  readonly isStream: boolean
}) {
  if (isStream) return <StreamFacts traffic={traffic} live={live} />
  const counts = CLASSES.map(({ class: name, text }, at) => ({
    name,
    text,
    count: (traffic?.answers[at + 1] ?? 0) + (at === 0 ? (traffic?.answers[0] ?? 0) : 0),
  }))
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="mix" aria-label="Answers">
      <p className="chart-head">
        <span className="strong">{traffic ? formatNumberOf(all, 'answer') : 'Answers'}</span>
        {traffic && <span className="small quiet">since the gateway started</span>}
      </p>
      <div className="mix-bar" aria-hidden="true">
        {counts
          .filter(({ count }) => count > 0)
          .map(({ name, count }) => (
            <i key={name} data-class={name} style={{ flexGrow: count }} />
          ))}
      </div>
      <dl className="mix-list">
        {counts.map(({ name, text, count }) => (
          <div key={name}>
            <dt>
              <span className="chart-square" data-class={name} />
              {name} {text}
            </dt>
            <dd>{formatShare(count, all)}</dd>
          </div>
        ))}
        <div className="mix-now">
          <dt>Open now</dt>
          <dd>{live && traffic ? formatCount(traffic.inFlight) : NO_FIGURE}</dd>
        </div>
        <div>
          <dt>Sent</dt>
          <dd>{traffic ? formatBytes(traffic.bytesOut) : NO_FIGURE}</dd>
        </div>
      </dl>
    </section>
  )
}

/** The same for connections that are passed on as they are: they have no answers to tell apart. */
function StreamFacts({ traffic, live }: { readonly traffic: Traffic | null; readonly live: boolean }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Open now', live && traffic ? formatCount(traffic.inFlight) : NO_FIGURE],
    ['Refused', traffic ? formatCount(traffic.refused) : NO_FIGURE],
    ['Failed', traffic ? formatCount(traffic.failed) : NO_FIGURE],
    ['Received', traffic ? formatBytes(traffic.bytesIn) : NO_FIGURE],
    ['Sent', traffic ? formatBytes(traffic.bytesOut) : NO_FIGURE],
  ]
  return (
    <section className="mix" aria-label="Connections">
      <p className="chart-head">
        <span className="strong">{traffic ? formatNumberOf(traffic.requests, 'connection') : 'Connections'}</span>
        {traffic && <span className="small quiet">since the gateway started</span>}
      </p>
      <dl className="mix-list">
        {facts.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
