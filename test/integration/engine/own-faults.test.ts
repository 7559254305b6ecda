import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { Hosting } from '../../../proxy/engine/files/hosting'
import { FileSender } from '../../../proxy/engine/files/file-sender'
import { Attempts } from '../../../proxy/engine/pipeline/attempts'
import { Pipeline } from '../../../proxy/engine/pipeline/pipeline'
import { BytePipe } from '../../../proxy/engine/relay/byte-pipe'
import { Transfer } from '../../../proxy/engine/relay/transfer'
import { DatagramSession } from '../../../proxy/engine/stream/datagram-session'
import { StreamConnection } from '../../../proxy/engine/stream/stream-connection'
import { Visit } from '../../../proxy/engine/visit/visit'
import { hashPassword } from '../../../proxy/host/hash-password'
import { BackendSpeaker } from '../../../proxy/outbound/speaker'
import { ask, type AskOptions } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { hostFolder } from '../../support/hosted-folder'
import { breakOnce, heardFaults } from '../../support/injected-fault'
import { closed, echo, serveTcp, tcp } from '../../support/tcp-gateway'
import { simple } from '../../support/udp-gateway'
import { until } from '../../support/until'

async function gatewayWith(service: Partial<ServiceDocument> = {}): Promise<Gateway> {
  const backend = await startBackend()
  onTestFinished(() => backend.stop())
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'wiki', backends: [{ id: 'main', url: backend.url }], ...service })
  return gateway
}

/** Nothing runs, waits or counts any more. */
async function isIdle(gateway: Gateway): Promise<boolean> {
  const { busy, services } = await gateway.status()
  return busy.running === 0 && busy.waiting === 0 && services.every(({ traffic }) => traffic.inFlight === 0)
}

describe('a fault of our own in one request', () => {
  const upload: AskOptions = { method: 'POST', body: 'x'.repeat(100_000) }
  test.each([
    ['as it is read', Visit, 'enter', {}],
    ['as a backend is chosen', Attempts, 'begin', {}],
    ['as its backend is spoken to', Transfer, 'onConnection', {}],
    ['as its head is written', BackendSpeaker, 'hostFor', {}],
    ['as its body comes', Transfer, 'onBody', upload],
    ['as its body ends', Transfer, 'onBodyEnd', upload],
    ['as it is answered', Transfer, 'onAnswer', {}],
  ] as const)('%s is answered with 500 and its reference, and the next one is served', async (_, holder, name, options) => {
    const heard = heardFaults()
    const gateway = await gatewayWith()
    const broken = breakOnce(holder.prototype, name)
    const { status, headers, text } = await ask(gateway.port, '/', options)
    expect([broken(), status]).toEqual([true, 500])
    const ref = String(headers['x-request-id'])
    expect(text).not.toContain('AstroRelay')
    expect((await gateway.rows())[0]).toMatchObject({ ref, status: 500, error: 'AR_INTERNAL', endedBy: 'gateway' })
    expect(heard).toHaveLength(1)
    expect(heard[0]).toContain(ref)
    expect(heard[0]).toContain(`an injected fault in ${name}`)
    expect((await ask(gateway.port)).status).toBe(200)
    await until('nothing to run any more', () => isIdle(gateway))
  })

  test('in the middle of its answer cuts it off, so that it cannot look complete', async () => {
    const heard = heardFaults()
    const gateway = await gatewayWith()
    breakOnce(Transfer.prototype, 'onAnswerBody')
    const answer = await ask(gateway.port).catch(() => null)
    expect(answer?.complete === true && answer.status === 200).toBe(false)
    expect(heard).toHaveLength(1)
    expect((await ask(gateway.port)).status).toBe(200)
    await until('nothing to run any more', () => isIdle(gateway))
  })

  test('at a time-out is answered with 500', async () => {
    const heard = heardFaults()
    const silent = await startBackend({ handler: () => undefined })
    onTestFinished(() => silent.stop())
    const gateway = await gatewayWith({ backends: [{ id: 'main', url: silent.url }], timeouts: { response: '100ms' } })
    breakOnce(Attempts.prototype, 'onEnd')
    expect((await ask(gateway.port)).status).toBe(500)
    expect(heard[0]).toContain('an injected fault in onEnd')
  })

  test('as a password was found right is answered with 500', async () => {
    const heard = heardFaults()
    const gateway = await gatewayWith({ basicAuth: { users: [{ name: 'ann', hash: await hashPassword('secret') }] } })
    const auth: AskOptions = { auth: 'ann:secret' }
    breakOnce(Pipeline.prototype, 'onSignedIn')
    expect([(await ask(gateway.port, '/', auth)).status, (await ask(gateway.port, '/', auth)).status]).toEqual([500, 200])
    expect(heard).toHaveLength(1)
  })

  test('as a file was found is answered with 500; as it has been sent it cuts the connection', async () => {
    const heard = heardFaults()
    const { port } = await hostFolder({ 'a.txt': 'a' })
    breakOnce(Hosting.prototype, 'sendFile')
    expect([(await ask(port, '/a.txt')).status, (await ask(port, '/a.txt')).status]).toEqual([500, 200])
    breakOnce(FileSender.prototype, 'finish')
    await ask(port, '/a.txt').catch(() => null)
    expect((await ask(port, '/a.txt')).text).toBe('a')
    expect(heard).toHaveLength(2)
  })

  test('that is offered room does not end the one that made it', async () => {
    const heard = heardFaults()
    const free: (() => void)[] = []
    const slow = await startBackend({ handler: (_, response) => void free.push(() => response.end('done')) })
    onTestFinished(() => slow.stop())
    const gateway = await gatewayWith({ backends: [{ id: 'main', url: slow.url, maxConnections: 1 }] })
    const first = ask(gateway.port)
    await until('the first to run', () => free.length === 1)
    const second = ask(gateway.port)
    await until('the second to wait', async () => (await gateway.status()).busy.waiting === 1)
    breakOnce(Attempts.prototype, 'onRoom')
    free[0]?.()
    expect([(await first).status, (await second).status]).toEqual([200, 500])
    expect(heard).toHaveLength(1)
    await until('nothing to run any more', () => isIdle(gateway))
  })
})

describe('a fault of our own in one stream or session', () => {
  test.each([
    ['join', StreamConnection],
    ['choose', StreamConnection],
    ['onHalf', BytePipe],
  ] as const)('ends that one: %s', async (name, holder) => {
    const heard = heardFaults()
    const { gateway, port } = await serveTcp([tcp([{ id: 'main', url: (await echo()).url }])])
    breakOnce(holder.prototype, name)
    const broken = connect(port, '127.0.0.1').on('error', () => undefined)
    broken.end('x')
    broken.resume()
    await closed(broken)
    await until('it to be told', () => heard.length === 1)
    const next = connect(port, '127.0.0.1')
    next.end('hello')
    const [bytes] = await once(next, 'data')
    expect(String(bytes)).toBe('hello')
    next.destroy()
    await until('nothing to run any more', () => isIdle(gateway))
  })

  test.each(['fromClient', 'onReply'])('of datagrams ends that session: %s', async (name) => {
    const heard = heardFaults()
    const { gateway, client } = await simple()
    breakOnce(DatagramSession.prototype, name)
    await until('the fault', () => {
      client.send('a')
      return heard.length === 1
    })
    await until('an answer after it', () => {
      client.send('a')
      return client.got.length > 0
    })
    expect((await gateway.rows()).filter(({ error }) => error === 'AR_INTERNAL')).toHaveLength(1)
  })
})
