import type { Api, Handlers } from '../api'
import { CallError, toFailure } from '../failure'
import { ListReceiver, ListSender } from './lists'
import { frameSchema, type Transport } from './transport'

export interface RpcServerOptions {
  /** Hears what is a fault of ours, not of the caller. */
  readonly onFault: (error: unknown, call: string) => void
  /** Lets the process do what else there is while a long list is sent. */
  readonly turn?: () => Promise<void>
}

/** Serves `api` on a transport: parses what comes in, answers each call once. */
export function serveRpc<A extends Api>(transport: Transport, api: A, handlers: Handlers<A>, options: RpcServerOptions): void {
  const sender = new ListSender((frame) => transport.send(frame), options.turn ?? (() => Promise.resolve()))
  const receiver = new ListReceiver()
  transport.onFrame((raw) => {
    const frame = frameSchema.safeParse(raw)
    if (!frame.success) return
    if (frame.data.kind === 'items' || frame.data.kind === 'forget') return receiver.take(frame.data)
    if (frame.data.kind !== 'call') return
    const { id, name, lists } = frame.data
    const params = receiver.whole(frame.data.params, lists)
    invoke(api, handlers, name, params).then(
      (result) =>
        sender.deliver(result ?? null, (rest, found) => ({ kind: 'result', id, result: rest, ...(found.length > 0 && { lists: found }) })),
      (error: unknown) => {
        if (!(error instanceof CallError)) options.onFault(error, name)
        transport.send({ kind: 'failure', id, failure: toFailure(error) })
      },
    )
  })
}

/** Parses the parameters of a call from outside and runs its handler. */
export async function invoke<A extends Api>(api: A, handlers: Handlers<A>, name: string, params: unknown): Promise<unknown> {
  const call = Object.hasOwn(api, name) ? api[name] : undefined
  const handler = call && handlers[name]
  if (!call || !handler) throw new CallError('AR_NOT_FOUND', `There is no call “${name.slice(0, 60)}”.`)
  const parsed = call.params.safeParse(params)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    throw new CallError('AR_INVALID', 'The call’s parameters are not valid.', { issues })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of this call's own schema is what its handler takes
  return handler(parsed.data as never)
}
