import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { engineApi, type EngineApi } from '../../proxy/contract/engine-api'
import { engineEvents } from '../../proxy/contract/events'
import { createRpcClient, type RpcClient } from '../../proxy/contract/rpc/client'
import type { EngineEnd, EngineProcess } from '../../proxy/host/engine-process'
import { DetachedEngines } from '../../proxy/host/spawn/detached-engines'
import { type Launch, launchDetached } from '../../proxy/host/spawn/launch'

/** An engine that runs as a process of its own, spoken to as its host does. */
export interface EngineUnderTest {
  readonly client: RpcClient<EngineApi, typeof engineEvents>
  readonly process: EngineProcess
  /** Resolves when it has ended. */
  readonly exited: Promise<EngineEnd>
  /** Ends it at once. */
  readonly stop: () => Promise<void>
}

export interface EngineUnderTestOptions {
  /** Added to its environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** How many descriptors the system lets it have. */
  readonly openFiles?: number | undefined
  /** Hears what it prints. */
  readonly log?: (line: string) => void
}

/** Starts the engine of a bundle, without a host. */
export function startEngineProcess(
  bundle: string,
  { environment = {}, openFiles, log = () => undefined }: EngineUnderTestOptions = {},
): EngineUnderTest {
  const folder = mkdtempSync(path.join(os.tmpdir(), `engine-${randomBytes(4).toString('hex')}-`))
  const engines = new DetachedEngines({
    dataDirectory: folder,
    bundle,
    file: process.execPath,
    environment,
    launch: limited(launchDetached(log), openFiles),
  })
  const engine = engines.start()
  const exited = new Promise<EngineEnd>((resolve) => engine.onExit(resolve))
  void exited.then(() => rmSync(folder, { recursive: true, force: true }))
  return {
    client: createRpcClient(engine.transport, engineApi, engineEvents),
    process: engine,
    exited,
    async stop() {
      engine.kill()
      await exited
    },
  }
}

function limited(launch: Launch, openFiles: number | undefined): Launch {
  if (openFiles === undefined) return launch
  return ({ file, args, environment }) =>
    launch({ file: 'bash', args: ['-c', `ulimit -n ${openFiles} && exec "$0" "$@"`, file, ...args], environment })
}
