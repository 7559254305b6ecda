import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { DOOR } from '../proxy/contract/engine-door'
import { engineApi, engineEvents } from '../proxy/contract/engine-api'
import { createRpcClient } from '../proxy/contract/rpc/client'
import { ListReceiver } from '../proxy/contract/rpc/lists'
import { startEngineProcess } from '../test/support/engine-process'
import type { BenchEngine } from './engine'

/** Starts the engine of any checkout. Those of before 2026-11-28 have no local socket, and speak over the channel of `fork`. */
export async function startEngineOf(bundle: string): Promise<BenchEngine> {
  if (!readFileSync(bundle, 'utf8').includes(DOOR.address)) return startForked(bundle)
  const engine = startEngineProcess(bundle)
  await engine.client.call('ping', {})
  return { client: engine.client, pid: engine.process.pid ?? 0, stop: engine.stop }
}

function startForked(bundle: string): BenchEngine {
  const child = fork(bundle, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, UV_THREADPOOL_SIZE: '16' } })
  const receiver = new ListReceiver()
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  return {
    client: createRpcClient(
      {
        send(frame) {
          // They get a document whole, long lists and all.
          if (frame.kind === 'items' || frame.kind === 'forget') receiver.take(frame)
          else if (frame.kind === 'call') child.send({ ...frame, params: receiver.whole(frame.params, frame.lists) })
          else child.send(frame)
        },
        onFrame: (listener) => void child.on('message', listener),
        onClose: (listener) => void child.on('disconnect', listener),
      },
      engineApi,
      engineEvents,
    ),
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGKILL')
      return gone
    },
  }
}
