import type { z } from 'zod'
import type { Api, CallFunction, ParamsOf, ResultOf } from '../api'
import { CallError, fromFailure } from '../failure'
import { parseResult } from '../result'
import { type Framed, ListReceiver, ListSender } from './lists'
import { frameSchema, type Transport } from './transport'

type EventSchemas = Readonly<Record<string, z.ZodType>>
type Payload<Events extends EventSchemas, Name extends keyof Events> = z.output<Events[Name]>

/** The calling side of a channel. */
export interface RpcClient<A extends Api, Events extends EventSchemas> {
  readonly call: CallFunction<A>
  /** Hears an event; returns what stops it. */
  on<Name extends keyof Events & string>(name: Name, listener: (payload: Payload<Events, Name>) => void): () => void
}

interface Waiting {
  settle(result: unknown): void
  fail(error: Error): void
}

/**
 * Calls `api` over a transport and hears its events. Answers and events are parsed: the other side is another process.
 * `turn` lets the process do what else there is while a long list is sent. When the channel closes, whatever still waits fails with AR_ENGINE.
 */
export function createRpcClient<A extends Api, Events extends EventSchemas>(
  transport: Transport,
  api: A,
  events: Events,
  turn: () => Promise<void> = () => Promise.resolve(),
): RpcClient<A, Events> {
  const sender = new ListSender((frame) => transport.send(frame), turn)
  const receiver = new ListReceiver()
  const waiting = new Map<number, Waiting>()
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  let lastId = 0
  let closed = false

  transport.onFrame((raw) => {
    const frame = frameSchema.safeParse(raw)
    if (!frame.success) return
    if (frame.data.kind === 'event') return deliver(frame.data.name, frame.data.payload)
    if (frame.data.kind === 'call') return
    if (frame.data.kind === 'items' || frame.data.kind === 'forget') return receiver.take(frame.data)
    const call = waiting.get(frame.data.id)
    waiting.delete(frame.data.id)
    if (frame.data.kind === 'result') call?.settle(receiver.whole(frame.data.result, frame.data.lists))
    else call?.fail(fromFailure(frame.data.failure))
  })
  transport.onClose(() => {
    closed = true
    for (const call of waiting.values()) call.fail(gone())
    waiting.clear()
  })

  function deliver(name: string, payload: unknown): void {
    const parsed = events[name]?.safeParse(payload)
    if (parsed?.success) for (const listener of listeners.get(name) ?? []) listener(parsed.data)
  }

  return {
    call<Name extends keyof A & string>(name: Name, params: ParamsOf<A, Name>): Promise<ResultOf<A, Name>> {
      if (closed || api[name] === undefined) return Promise.reject(gone())
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, {
          settle(result) {
            try {
              resolve(parseResult(api, name, result))
            } catch (error) {
              reject(error)
            }
          },
          fail: reject,
        })
        const framed: Framed = (rest, lists) => ({ kind: 'call', id, name, params: rest, ...(lists.length > 0 && { lists }) })
        sender.deliver(params, framed, api[name]?.keepsLists === true ? name : null)
      })
    },
    on<Name extends keyof Events & string>(name: Name, listener: (payload: Payload<Events, Name>) => void) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the set is keyed by name, and `deliver` parses each payload by that name's schema
      const untyped = listener as (payload: unknown) => void
      set.add(untyped)
      return () => void set.delete(untyped)
    },
  }
}

function gone(): CallError {
  return new CallError('AR_ENGINE', 'The gateway is not running just now.')
}
