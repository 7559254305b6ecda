import { connect, type Socket } from 'node:net'
import { type Hello, type Welcome, welcomeSchema } from '../../contract/engine-door'
import type { Transport } from '../../contract/rpc/transport'
import { valueLines } from '../../system/value-lines'

/** An engine that turns says its welcome at once; on a machine that is busy, within this. */
const WELCOME_MS = 5_000
const BOUNDS = { waiting: 1_024 * 1_024 * 1_024, line: 512 * 1_024 * 1_024 }

/** A connection to an engine that has let us in. */
export interface EngineLink {
  readonly transport: Transport
  /** Lets go of it. */
  readonly cut: () => void
  readonly welcome: Welcome
}

/** Why there is no link: nobody is there, or somebody is who does not answer. */
export type NoLink = 'nobody' | 'silent'

/** Connects to an engine as its host, or as somebody who only asks for what protects. */
export function linkToEngine(place: { readonly address: string; readonly key: string }, as: Hello['as']): Promise<EngineLink | NoLink> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ path: place.address })
    const lines = valueLines(socket, () => BOUNDS)
    let welcome: Welcome | null = null
    const late = setTimeout(() => end('silent'), WELCOME_MS)
    function end(outcome: NoLink): void {
      clearTimeout(late)
      lines.cut()
      resolve(outcome)
    }
    socket.once('connect', () => lines.send({ hello: 'astrorelay', key: place.key, as } satisfies Hello))
    lines.onClose(() => {
      if (welcome === null) end('nobody')
    })
    /** What the engine told before anybody heard it. */
    const early: unknown[] = []
    lines.onValue((value) => {
      if (welcome !== null) return void early.push(value)
      const said = welcomeSchema.safeParse(value)
      if (!said.success) return end('nobody')
      clearTimeout(late)
      welcome = said.data.welcome
      resolve({
        welcome,
        cut: () => lines.cut(),
        transport: {
          send: (frame) => void lines.send(frame),
          onFrame(listener) {
            lines.onValue(listener)
            for (const frame of early.splice(0)) listener(frame)
          },
          onClose: (listener) => lines.onClose(listener),
        },
      })
    })
  })
}
