import type { z } from 'zod'
import type { ParamsOf, ResultOf } from '../../proxy/contract/api'
import { type ControlApi, type ControlCallName, controlApi } from '../../proxy/contract/control-api'
import { type ControlEventName, controlEvents } from '../../proxy/contract/events'
import { CallError } from '../../proxy/contract/failure'
import { API_BASE, fromHttpAnswer, toHttpRequest } from '../../proxy/contract/http-form'
import { parseResult } from '../../proxy/contract/result'
import type { Connection, ControlClient } from './client'
import { readEventStream, type ServerEvent } from './event-stream'

/** Milliseconds before each further try to hear the events again; the last one repeats. */
const RETRY = [250, 500, 1_000, 2_000]

/** A client over HTTP and one stream of server-sent events, which is opened again whenever it ends. */
export function createHttpClient(key: string): ControlClient {
  const authorization = { Authorization: `Bearer ${key}` }
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const watchers = new Set<(connection: Connection) => void>()
  let connection: Connection = 'lost'

  function become(next: Connection): void {
    if (next === connection) return
    connection = next
    for (const watcher of watchers) watcher(next)
  }

  function deliver({ event, data }: ServerEvent): void {
    if (!isEventName(event)) return
    const payload = controlEvents[event].safeParse(parseJson(data))
    if (payload.success) for (const listener of listeners.get(event) ?? []) listener(payload.data)
  }

  async function hear(failures: number): Promise<void> {
    let tries = failures
    try {
      const answer = await fetch(`${API_BASE}/events`, { headers: authorization, cache: 'no-store' })
      if (answer.status === 401) return become('signed-out')
      if (answer.ok && answer.body) {
        tries = 0
        become('live')
        await readEventStream(answer.body, deliver)
      }
    } catch {
      // The stream was cut or the host is away; both are told by the state below and cured by the next try.
    }
    become('lost')
    window.setTimeout(() => void hear(tries + 1), RETRY[Math.min(tries, RETRY.length - 1)])
  }

  void hear(0)

  return {
    async call<Name extends ControlCallName>(name: Name, params: ParamsOf<ControlApi, Name>): Promise<ResultOf<ControlApi, Name>> {
      const { target, method, headers, body } = toHttpRequest(name, params)
      const answer = await fetch(target, { method, headers: { ...authorization, ...headers }, body, cache: 'no-store' }).catch(() => null)
      if (answer === null) throw new CallError('AR_ENGINE', 'AstroRelay does not answer. It may have been stopped.')
      if (answer.status === 401) become('signed-out')
      const text = await answer.text().catch(() => null)
      if (text === null) throw new CallError('AR_ENGINE', 'AstroRelay broke off while it answered. It may have been stopped.')
      return parseResult(controlApi, name, fromHttpAnswer(name, { status: answer.status, etag: answer.headers.get('etag'), text }))
    },
    on<Name extends ControlEventName>(event: Name, listener: (payload: z.output<(typeof controlEvents)[Name]>) => void) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `deliver` parses each payload by the schema of the name the set is kept under
      const untyped = listener as (payload: unknown) => void
      set.add(untyped)
      return () => void set.delete(untyped)
    },
    onConnection(listener) {
      watchers.add(listener)
      listener(connection)
      return () => void watchers.delete(listener)
    },
  }
}

function isEventName(name: string): name is ControlEventName {
  return Object.hasOwn(controlEvents, name)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A cut frame; the schema refuses undefined, and the next event is whole again.
    return undefined
  }
}
