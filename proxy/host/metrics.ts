import { ENDINGS } from '../contract/endings'
import { LIMITS } from '../contract/limits'
import type { Status } from '../contract/status'

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

/** The status in the Prometheus text format, version 0.0.4. */
export function metricsText(status: Status, now: number): string {
  const { services, listeners, engine } = status
  const backends = services.flatMap((service) =>
    service.backends.map((backend) => ({ labels: { service: service.id, backend: backend.id }, backend })),
  )
  const each = (value: (traffic: (typeof services)[number]['traffic']) => number): Sample[] =>
    services.map(({ id, traffic }) => [{ service: id }, value(traffic)])
  return [
    family('astrorelay_info', 'gauge', 'Always 1; the labels tell the version and the revision that serves.', [
      [{ version: status.version, revision: status.revision }, 1],
    ]),
    family('astrorelay_engine_up', 'gauge', 'Whether the gateway runs.', [[{}, engine.state === 'running' ? 1 : 0]]),
    family('astrorelay_engine_restarts_total', 'counter', 'How often the gateway stopped by itself and was started again.', [
      [{}, engine.restarts],
    ]),
    family('astrorelay_engine_uptime_seconds', 'gauge', 'How long the gateway has run.', [
      [{}, engine.startedAt === null ? 0 : (now - engine.startedAt) / 1_000],
    ]),
    family(
      'astrorelay_listener_up',
      'gauge',
      'Whether a listener is open.',
      listeners.map(({ id, port, state }) => [{ listener: id, port: String(port) }, state === 'listening' ? 1 : 0]),
    ),
    family(
      'astrorelay_listener_connections',
      'gauge',
      'Open client connections.',
      listeners.map(({ id, connections }) => [{ listener: id }, connections]),
    ),
    family(
      'astrorelay_limit_hits_total',
      'counter',
      'How often a limit has struck, by its name.',
      Object.keys(LIMITS).map((limit): Sample => [{ limit }, status.limits?.[limit] ?? 0]),
    ),
    family(
      'astrorelay_ended_total',
      'counter',
      'Connections that the gateway ended, since what let them in had changed, by reason.',
      Object.keys(ENDINGS).map((reason): Sample => [{ reason }, status.endings?.[reason] ?? 0]),
    ),
    family(
      'astrorelay_requests_total',
      'counter',
      'Requests, by service.',
      each(({ requests }) => requests),
    ),
    family(
      'astrorelay_answers_total',
      'counter',
      'Answers, by service and hundred of the status.',
      services.flatMap(({ id, traffic }) => traffic.answers.map((count, at): Sample => [{ service: id, status: `${at + 1}xx` }, count])),
    ),
    family(
      'astrorelay_refused_total',
      'counter',
      'Requests refused by access rules.',
      each(({ refused }) => refused),
    ),
    family(
      'astrorelay_failed_total',
      'counter',
      'Requests that no backend answered.',
      each(({ failed }) => failed),
    ),
    family(
      'astrorelay_received_bytes_total',
      'counter',
      'Bytes of request bodies.',
      each(({ bytesIn }) => bytesIn),
    ),
    family(
      'astrorelay_sent_bytes_total',
      'counter',
      'Bytes of answer bodies.',
      each(({ bytesOut }) => bytesOut),
    ),
    family(
      'astrorelay_in_flight',
      'gauge',
      'Requests and tunnels that are running.',
      each(({ inFlight }) => inFlight),
    ),
    family(
      'astrorelay_backend_up',
      'gauge',
      'Whether a backend is usable.',
      backends.map(({ labels, backend }) => [labels, backend.health === 'down' ? 0 : 1]),
    ),
    family(
      'astrorelay_backend_requests_total',
      'counter',
      'Requests, by backend.',
      backends.map(({ labels, backend }) => [labels, backend.requests]),
    ),
    family(
      'astrorelay_backend_failed_total',
      'counter',
      'Failed requests, by backend.',
      backends.map(({ labels, backend }) => [labels, backend.failed]),
    ),
    family(
      'astrorelay_backend_in_flight',
      'gauge',
      'Running requests, by backend.',
      backends.map(({ labels, backend }) => [labels, backend.inFlight]),
    ),
  ].join('')
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n${samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`).join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
  )
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}
