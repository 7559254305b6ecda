import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { engineApi } from '../../../proxy/contract/engine-api'
import { engineEvents } from '../../../proxy/contract/events'
import { createRpcClient, type RpcClient } from '../../../proxy/contract/rpc/client'
import { askEcho } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'

const BUNDLE = path.resolve(import.meta.dirname, '../../../out/engine.js')
let child: ChildProcess
let client: RpcClient<typeof engineApi, typeof engineEvents>
let backend: TestBackend
let exited: Promise<number | null>

beforeAll(buildOnce, 90_000)
beforeEach(async () => {
  backend = await startBackend()
  child = fork(BUNDLE, [], { serialization: 'json', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  exited = new Promise((resolve) => void child.once('exit', resolve))
  client = createRpcClient({ send: (frame) => void child.send(frame), onFrame: (listener) => void child.on('message', listener), onClose: (listener) => void child.on('exit', listener) }, engineApi, engineEvents)
})
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await exited
  await backend.stop()
})
async function load(): Promise<number> {
  const port = await freePort()
  const result = await client.call('load', { revision: '1', document: { version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port }], services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }] }] } })
  expect(result.ok).toBe(true)
  return port
}

test('the engine serves as a process of its own, and ends when it has drained', async () => {
  const port = await load()
  expect((await askEcho(port, '/x')).url).toBe('/x')
  expect(await client.call('drain', { timeout: 1_000 })).toBeNull()
  expect(await exited).toBe(0)
})

test('it ends when its parent is gone', async () => {
  await load()
  child.disconnect()
  expect(await exited).toBe(0)
})
