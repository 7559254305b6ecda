import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ControlEvents, Notice } from '../../../proxy/contract/events'
import { parseConfig } from '../../../proxy/contract/parse'
import { EventHub } from '../../../proxy/host/event-hub'
import { Lockdowns } from '../../../proxy/host/lockdown/lockdowns'
import { ProofBook } from '../../../proxy/host/lockdown/proof-book'
import { Notices } from '../../../proxy/host/notices'
import { tempDirectory } from '../../support/temp-directory'

const DAY = 24 * 3_600_000
const SECRET = 'the-secret-of-this-backend'
let asked: number
let locked: boolean
let now: number
let url: string
let server: Server

beforeEach(async () => {
  asked = 0
  locked = true
  now = 1_000_000
  server = createServer((request, response) => {
    asked += 1
    response.writeHead(!locked || request.headers['x-astrorelay-key'] === SECRET ? 200 : 403).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

function start(file: string, service: object = {}): { lockdowns: Lockdowns; told: Notice[]; events: ControlEvents['lockdown'][] } {
  const document = {
    version: 1,
    services: [
      { id: 'wiki', name: 'Office wiki', backends: [{ id: 'app', url }], lockdown: { secretHeader: { value: SECRET } }, ...service },
    ],
  } satisfies ConfigDocument
  const parsed = parseConfig(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  const hub = new EventHub()
  const told: Notice[] = []
  const events: ControlEvents['lockdown'][] = []
  hub.on('lockdown', (event) => void events.push(event))
  const lockdowns = new Lockdowns({
    configuration: { current: { revision: '1', at: 0, document, config: parsed.config } },
    hub,
    notices: new Notices(
      (notice) => void told.push(notice),
      () => now,
    ),
    book: new ProofBook(file, () => undefined),
    wallTime: () => now,
    log: () => undefined,
  })
  onTestFinished(() => lockdowns.stop())
  return { lockdowns, told, events }
}

test('what is proven stands for a day, across restarts, and is then proven anew; one that has opened is told', async () => {
  const file = path.join(tempDirectory(), 'lockdown.json')
  const { lockdowns, events } = start(file)
  await lockdowns.verifyOld()
  expect(events).toEqual([
    { at: now, service: 'wiki', backend: 'app', state: 'locked', text: 'Refused directly, answers through AstroRelay.' },
  ])
  const after = asked
  now += DAY - 1
  await lockdowns.verifyOld()
  expect(asked).toBe(after)
  const again = start(file)
  await again.lockdowns.verifyOld()
  expect(asked).toBe(after)
  expect(again.lockdowns.overview().services[0]?.backends[0]?.proof).toMatchObject({ state: 'locked', at: 1_000_000 })
  locked = false
  now += 1
  await again.lockdowns.verifyOld()
  expect(asked).toBeGreaterThan(after)
  expect(again.events).toMatchObject([{ state: 'open' }])
  expect(again.told).toMatchObject([
    {
      level: 'error',
      title: 'app of Office wiki is open again',
      text: expect.stringContaining('app still answers without the gateway'),
      place: '/lockdown/wiki',
    },
  ])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(SECRET)
})

test('another address or method has to be proven anew; one that is switched off, or not locked down, is left alone', async () => {
  const file = path.join(tempDirectory(), 'lockdown.json')
  await start(file).lockdowns.verifyOld()
  const after = asked
  const moved = start(file, { lockdown: { secretHeader: { value: SECRET }, proxyProtocol: 'v2' } }).lockdowns
  expect(moved.overview().services[0]?.backends[0]?.proof).toBeNull()
  await start(file, { enabled: false, lockdown: { secretHeader: { name: 'X-Other-Key', value: SECRET } } }).lockdowns.verifyOld()
  await start(file, { lockdown: {} }).lockdowns.verifyOld()
  expect(asked).toBe(after)
})

test('a machine that is away keeps the proof it had: that is no news about its lock', async () => {
  const { lockdowns, events } = start(path.join(tempDirectory(), 'lockdown.json'))
  await lockdowns.verify('wiki')
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
  expect((await lockdowns.verify('wiki'))[0]?.proof).toMatchObject({
    state: 'unreachable',
    text: expect.stringContaining('connection refused'),
  })
  expect(lockdowns.overview().services[0]?.backends[0]?.proof?.state).toBe('locked')
  expect(events).toHaveLength(1)
  await expect(lockdowns.verify('wiki', 'nobody')).rejects.toThrow('has no backend “nobody”')
  await expect(lockdowns.verify('nowhere')).rejects.toThrow('There is no service “nowhere”')
})

test('a proof of a time to come, made before the clock was set back, is made anew', async () => {
  const { lockdowns } = start(path.join(tempDirectory(), 'lockdown.json'))
  await lockdowns.verifyOld()
  const after = asked
  now -= 3_600_000
  await lockdowns.verifyOld()
  expect(asked).toBeGreaterThan(after)
})
