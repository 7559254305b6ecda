import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Intake } from '../../../proxy/engine/intake/intake'
import { BytePipe } from '../../../proxy/engine/relay/byte-pipe'
import { TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import { until } from '../../support/until'

test('a client that has ended its half and takes nothing more does not stay for ever', async () => {
  const [client, backend] = await Promise.all([joined(), joined()])
  const wheel = new TimerWheel()
  onTestFinished(() => wheel.stop())
  let passed = 0
  const ends: unknown[] = []
  new BytePipe(client.near, backend.near, { idle: 60_000, halfIdle: 500 }, wheel, {
    onBytesIn: () => undefined,
    onBytesOut: (count) => (passed += count),
    onEnd: (end) => ends.push(end),
  }).open(Buffer.alloc(0))
  const block = Buffer.alloc(65_536)
  // Until the system’s buffers are full, and a piece waits that would not hold the backend back, nor its end.
  for (let sent = 0; client.near.socket.writableLength === 0;) {
    backend.far.write(block)
    sent += block.length
    await until('it to come', () => passed === sent)
    await until('it to go, or to be stuck', () => client.near.socket.writableLength === 0 || backend.far.writableLength === 0)
  }
  client.far.end()
  backend.far.end()
  backend.far.resume()
  await until('the end', () => ends.length === 1)
  expect(ends).toMatchObject([{ by: 'gateway', reason: expect.stringContaining('nothing came') }])
  expect([client.near.socket.destroyed, backend.near.socket.destroyed]).toEqual([true, true])
})

/** Two ends of a connection; the far one reads nothing. */
async function joined() {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
  const [socket] = await once(server, 'connection')
  server.close()
  onTestFinished(() => void far.destroy())
  const intake = new Intake()
  intake.listen(socket)
  return { far, near: { socket, intake } }
}
