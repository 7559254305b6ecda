import { once } from 'node:events'
import { fstatSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { reset } from '../../../proxy/engine/intake/reset'

/** Two ends of a connection on loopback. */
async function joined(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
  const [near] = (await once(server, 'connection')) as [Socket]
  server.close()
  onTestFinished(() => void far.destroy())
  return { near, far }
}

function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle')
  return typeof handle === 'object' && handle !== null && 'fd' in handle ? Number(handle.fd) : expect.fail()
}

const isOpen = (descriptor: number): boolean => {
  try {
    return fstatSync(descriptor).isSocket()
  } catch {
    return false
  }
}

const block = Buffer.alloc(4_000_000)

test.each<[string, (near: Socket, far: Socket) => unknown]>([
  ['that has said nothing', () => undefined],
  ['that is being ended', (near) => near.end()],
  ['that is being ended behind an answer', (near) => near.end('answer')],
  ['that is to be closed once all is written', (near) => near.destroySoon()],
  ['whose client takes nothing', (near) => near.write(block)],
  ['whose client takes nothing, and that is being ended', (near) => near.end(block)],
  ['whose client has ended its half', (_, far) => far.end()],
  ['whose client has ended its half, and that is being ended', (near, far) => [far.end(), near.end()]],
  ['whose client has gone', (_, far) => far.destroy()],
  ['whose client has gone, and that is being ended', (near, far) => [far.destroy(), near.end()]],
])('a connection %s is closed by a reset, and its descriptor is free', async (_, prepare) => {
  const { near, far } = await joined()
  const descriptor = descriptorOf(near)
  prepare(near, far)
  const closed = once(near, 'close')
  reset(near)
  await closed
  expect([near.destroyed, isOpen(descriptor)]).toEqual([true, false])
})

test('a connection that has been ended and is reset before that is done tells nobody of an error', async () => {
  const { near } = await joined()
  near.on('error', (error) => expect.fail(error.message))
  near.end()
  const closed = once(near, 'close')
  reset(near)
  reset(near)
  await closed
})
