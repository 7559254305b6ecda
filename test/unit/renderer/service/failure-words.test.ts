import { expect, test } from 'vitest'
import type { BackendStatus, ServiceStatus } from '../../../../proxy/contract/status'
import { failureWords } from '../../../../renderer/features/service/failure-words'

const backend = (id: string, part: Partial<BackendStatus> = {}): BackendStatus => ({
  id,
  url: `http://10.0.0.1:${id.length}`,
  role: 'primary',
  state: 'active',
  drain: null,
  tunnels: 0,
  latency: null,
  health: 'up',
  reason: null,
  since: 0,
  lastCheck: null,
  inFlight: 0,
  requests: 0,
  failed: 0,
  ...part,
})
const service = (state: ServiceStatus['state'], backends: BackendStatus[]): ServiceStatus => ({
  id: 'wiki',
  name: 'Team wiki',
  type: 'http',
  state,
  reason: null,
  addresses: [],
  backends,
  onBackup: false,
  maintenance: false,
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
})
const down = { health: 'down', reason: 'connection refused' } as const
const health = { interval: 5_000, rise: 2 }

test('a service that is well has nothing to say', () => {
  expect(failureWords(service('online', [backend('a')]), health)).toBeNull()
  expect(failureWords(service('off', [backend('a', down)]), health)).toBeNull()
})

test('a service that is down says the cause, what visitors see and what happens next', () => {
  const words = failureWords(service('down', [backend('main', down)]), health)
  expect(words?.tone).toBe('down')
  expect(words?.title).toBe('10.0.0.1:4 stopped answering. Nobody can open Team wiki.')
  expect(words?.text).toBe(
    'Connection refused. Visitors see a page that says it is away. It is checked every 5 s and comes back by itself.',
  )
})

test('on backup it says who stands in, and when the primary gets its work back', () => {
  const words = failureWords(service('attention', [backend('wiki-1', down), backend('wiki-2', { role: 'backup' })]), health)
  expect(words?.title).toBe('wiki-1 stopped answering. Team wiki runs on its backup, wiki-2.')
  expect(words?.text).toContain('after 2 good checks in a row')
  expect(failureWords(service('attention', [backend('a', down), backend('b')]), health)?.title).toContain('The others do its work.')
  expect(failureWords(service('attention', [backend('a'), backend('b', { ...down, role: 'backup' })]), health)?.title).toContain(
    'has no stand-in now',
  )
})

const stream = (backends: BackendStatus[]) => failureWords({ ...service('down', backends), type: 'tcp' }, health)

test('a machine has no page: it says what becomes of connections', () => {
  const greets = { health: 'down', reason: 'what answers is not Remote Desktop' } as const
  expect(stream([backend('a', greets)])).toMatchObject({
    title: 'a does not answer as it should.',
    text: 'What answers is not Remote Desktop. It is the only one, so connections are still passed on. It is checked every 5 s and comes back by itself.',
  })
  expect(stream([backend('a', down)])?.title).toBe('a stopped answering. Nobody can open Team wiki.')
  expect(stream([backend('a', down), backend('b', down)])?.text).toContain('Connection refused. New connections are closed.')
})

test('an id at the start of a reason stays as it is written', () => {
  const words = failureWords({ ...service('down', [backend('a', { health: 'down' })]), reason: 'a: connection refused' }, health)
  expect(words?.text).toContain('a: connection refused. Visitors')
})
