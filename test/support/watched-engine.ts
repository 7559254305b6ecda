import { readdirSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { EngineStatus, RequestRow } from '../../proxy/contract/status'
import { type EngineUnderTest, startEngineProcess } from './engine-process'

const BUNDLE = path.resolve(import.meta.dirname, '../../out/engine.js')

/** The engine as a process of its own, with what it told and printed, until the test ends; `buildOnce` has to have made it. */
export interface WatchedEngine {
  readonly pid: number
  readonly events: { readonly name: string; readonly payload: unknown }[]
  readonly call: EngineUnderTest['client']['call']
  /** Whether it has not ended. */
  isUp(): boolean
  /** What it printed. */
  said(): string
  load(document: Omit<ConfigDocument, 'version'>): Promise<void>
  status(): Promise<EngineStatus>
  rows(): Promise<RequestRow[]>
}

/** `openFiles`: how many descriptors the system lets it have. */
export async function startWatchedEngine({ openFiles }: { openFiles?: number } = {}): Promise<WatchedEngine> {
  const lines: string[] = []
  const { client, process: engine, stop } = startEngineProcess(BUNDLE, { openFiles, log: (line) => void lines.push(line) })
  let isUp = true
  engine.onExit(() => {
    isUp = false
  })
  onTestFinished(stop)
  const events: WatchedEngine['events'] = []
  for (const name of ['limit', 'health', 'access'] as const) client.on(name, (payload) => void events.push({ name, payload }))
  await client.call('ping', {})
  let revision = 0
  return {
    pid: engine.pid ?? 0,
    events,
    call: client.call.bind(client),
    isUp: () => isUp,
    said: () => lines.join('\n'),
    async load(document) {
      const result = await client.call('load', { revision: String(++revision), document: { version: 1, ...document } })
      if (!result.ok) throw new Error(`the document was refused: ${JSON.stringify(result.issues)}`)
    },
    status: () => client.call('status', {}),
    rows: () => client.call('requests', { limit: 1_000 }),
  }
}

/** How many descriptors a process has. Linux only. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
