import type { BackendStatus, EngineStatus } from '../../proxy/contract/status'

type LiveService = EngineStatus['services'][number]

/** A backend that is well and has done nothing yet. */
export function backendOf(part: Partial<BackendStatus> & Pick<BackendStatus, 'id'>): BackendStatus {
  return {
    url: 'http://10.0.0.1:80',
    role: 'primary',
    state: 'active',
    drain: null,
    health: 'up',
    reason: null,
    since: 0,
    lastCheck: null,
    inFlight: 0,
    tunnels: 0,
    requests: 0,
    failed: 0,
    latency: null,
    ...part,
  }
}

/** A service that is online and has done nothing yet, as an engine tells it. */
export function serviceOf(part: Partial<LiveService> & Pick<LiveService, 'id'>): LiveService {
  return {
    name: part.id,
    type: 'http',
    state: 'online',
    reason: null,
    traffic: {
      requests: 0,
      answers: [0, 0, 0, 0, 0],
      refused: 0,
      failed: 0,
      bytesIn: 0,
      bytesOut: 0,
      inFlight: 0,
      perSecond: 0,
      latency: null,
    },
    backends: [backendOf({ id: 'main' })],
    onBackup: false,
    maintenance: false,
    ...part,
  }
}
