import { expect, test } from 'vitest'
import { metricsText } from '../../../proxy/host/metrics'
import type { Status } from '../../../proxy/contract/status'

const status: Status = {
  version: '1.0 "beta" \\ \n',
  revision: '7',
  at: 0,
  engine: { state: 'running', pid: 1, startedAt: 1_000, restarts: 2, lastFailure: null, nextTryAt: null },
  listeners: [
    { id: 'web', address: '::', port: 80, protocol: 'http', state: 'failed', reason: 'x', code: 'in-use', holder: null, connections: 3 },
  ],
  services: [
    {
      id: 'wiki',
      name: 'Wiki',
      type: 'http',
      state: 'online',
      reason: null,
      addresses: [],
      onBackup: false,
      maintenance: false,
      traffic: {
        requests: 10,
        answers: [0, 8, 0, 1, 1],
        refused: 1,
        failed: 1,
        bytesIn: 5,
        bytesOut: 6,
        inFlight: 2,
        perSecond: 1,
        latency: null,
      },
      backends: [
        {
          id: 'main',
          url: 'http://a',
          role: 'primary',
          state: 'active',
          drain: null,
          tunnels: 0,
          latency: null,
          health: 'down',
          reason: null,
          since: 0,
          lastCheck: null,
          inFlight: 1,
          requests: 9,
          failed: 1,
        },
      ],
    },
  ],
}

test('every sample has a family with HELP and TYPE, and numbers are those of the status', () => {
  const lines = metricsText(status, 3_500).split('\n')
  expect(lines.at(-1)).toBe('')
  const families = new Set<string>()
  for (const line of lines.slice(0, -1)) {
    const type = /^# TYPE (\w+) (counter|gauge)$/.exec(line)
    if (type?.[1] !== undefined) families.add(type[1])
    else if (!line.startsWith('# HELP ')) expect([...families]).toContain(/^\w+/.exec(line)?.[0])
  }
  expect(lines).toEqual(
    expect.arrayContaining([
      'astrorelay_requests_total{service="wiki"} 10',
      'astrorelay_answers_total{service="wiki",status="5xx"} 1',
      'astrorelay_backend_up{service="wiki",backend="main"} 0',
      'astrorelay_listener_up{listener="web",port="80"} 0',
      'astrorelay_engine_restarts_total 2',
      'astrorelay_engine_uptime_seconds 2.5',
    ]),
  )
})

test('how often limits have struck is told by name, from none on, so that a first time is seen as a rise', () => {
  const text = metricsText({ ...status, limits: { connectionsPerClient: 44 } }, 0)
  expect(text).toContain('astrorelay_limit_hits_total{limit="connectionsPerClient"} 44\n')
  expect(text).toContain('astrorelay_limit_hits_total{limit="sessions"} 0\n')
})

test('how many connections were ended is told by reason, from none on', () => {
  const text = metricsText({ ...status, endings: { user: 3 } }, 0)
  expect(text).toContain('astrorelay_ended_total{reason="user"} 3\n')
  expect(text).toContain('astrorelay_ended_total{reason="deleted"} 0\n')
})

test('quotes, backslashes and line breaks in a label are escaped', () => {
  expect(metricsText(status, 0)).toContain('astrorelay_info{version="1.0 \\"beta\\" \\\\ \\n",revision="7"} 1\n')
})
