/* oxlint-disable typescript/no-explicit-any -- this code carries any value between two worlds of a page */

/** A value on its way from one world to the other. */
type Packed =
  | { kind: 'value'; value: unknown }
  | { kind: 'function' | 'promise'; id: number }
  | { kind: 'error'; name: string; message: string; stack: string | undefined }
  | { kind: 'list'; items: Packed[] }
  | { kind: 'object'; entries: [string, Packed][] }

/**
 * One end of the context bridge; the same code runs in the page's own world and in the isolated one, sent as text, so it
 * stands alone. The two worlds share only DOM events, whose `detail` Chromium clones between worlds, synchronously; so
 * functions travel as numbers.
 */
export function makeBridge(side: 'main' | 'isolated', secret: string) {
  const other = side === 'main' ? 'isolated' : 'main'
  const functions = new Map<number, (...args: any[]) => unknown>()
  const ids = new WeakMap<object, number>()
  const proxies = new Map<number, (...args: any[]) => unknown>()
  const promises = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>()
  const dispatch = window.dispatchEvent.bind(window)
  const listen = window.addEventListener.bind(window)
  const unlisten = window.removeEventListener.bind(window)
  let lastId = 0
  let lastCall = 0

  function pack(value: unknown): Packed {
    if (typeof value === 'function') return { kind: 'function', id: numberOf(value as (...args: any[]) => unknown) }
    if (value === null || typeof value !== 'object') return { kind: 'value', value }
    if (value instanceof Promise) return { kind: 'promise', id: follow(value) }
    if (value instanceof Error) return { kind: 'error', name: value.name, message: value.message, stack: value.stack }
    if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => pack(item)) }
    const name = Object.prototype.toString.call(value).slice(8, -1)
    // What Chromium itself clones between worlds.
    if (name === 'File') return { kind: 'value', value }
    if (name !== 'Object') throw new Error(`electron stand-in: a ${name} over the context bridge is not implemented`)
    return { kind: 'object', entries: Object.entries(value).map(([key, inner]) => [key, pack(inner)]) }
  }

  function numberOf(call: (...args: any[]) => unknown): number {
    const known = ids.get(call)
    if (known !== undefined) return known
    const id = ++lastId
    ids.set(call, id)
    functions.set(id, call)
    return id
  }

  function follow(promise: Promise<unknown>): number {
    const id = ++lastId
    promise.then(
      (value) => ask('settle', [id, true, pack(value)]),
      (error: unknown) => ask('settle', [id, false, pack(error)]),
    )
    return id
  }

  function unpack(packed: Packed, freeze: boolean): unknown {
    switch (packed.kind) {
      case 'value':
        return packed.value
      case 'function':
        return proxyOf(packed.id)
      case 'promise':
        return new Promise((resolve, reject) => promises.set(packed.id, { resolve, reject }))
      case 'error':
        return Object.assign(new Error(packed.message), { name: packed.name, stack: packed.stack })
      case 'list': {
        const list = packed.items.map((item) => unpack(item, freeze))
        return freeze ? Object.freeze(list) : list
      }
      case 'object': {
        const object = Object.fromEntries(packed.entries.map(([key, inner]) => [key, unpack(inner, freeze)]))
        return freeze ? Object.freeze(object) : object
      }
      default:
        return packed satisfies never
    }
  }

  function proxyOf(id: number): (...args: unknown[]) => unknown {
    const proxy = proxies.get(id) ?? ((...args: unknown[]) => ask('invoke', [id, args.map((arg) => pack(arg))]))
    proxies.set(id, proxy)
    return proxy
  }

  const actions: Record<string, (...args: any[]) => unknown> = {
    invoke: (id: number, args: Packed[]) => pack(functions.get(id)?.(...args.map((arg) => unpack(arg, false)))),
    settle(id: number, succeeded: boolean, value: Packed) {
      const promise = promises.get(id)
      promises.delete(id)
      if (succeeded) promise?.resolve(unpack(value, false))
      else promise?.reject(unpack(value, false))
    },
    expose(key: string, api: Packed) {
      if (Object.hasOwn(window, key)) throw new Error('Cannot bind an API on top of an existing property on the window object')
      Object.defineProperty(window, key, { value: unpack(api, true), enumerable: true, writable: false, configurable: false })
    },
  }

  listen(`${secret}:call:${side}`, (event: any) => {
    const { id, action, args } = event.detail
    dispatch(new CustomEvent(`${secret}:reply:${other}`, { detail: { id, ...answer(action, args) } }))
  })

  function answer(action: string, args: unknown[]): { value: unknown } | { error: Packed } {
    try {
      return { value: actions[action]?.(...args) }
    } catch (error) {
      return { error: pack(error instanceof Error ? error : String(error)) }
    }
  }

  function ask(action: string, args: unknown[]): unknown {
    const id = ++lastCall
    let reply: any
    const hear = (event: any) => {
      if (event.detail.id === id) reply = event.detail
    }
    listen(`${secret}:reply:${side}`, hear)
    dispatch(new CustomEvent(`${secret}:call:${other}`, { detail: { id, action, args } }))
    unlisten(`${secret}:reply:${side}`, hear)
    if (!reply) throw new Error('context bridge: the other world is not there')
    if (reply.error) throw unpack(reply.error, false) as Error
    return action === 'invoke' ? unpack(reply.value, false) : undefined
  }

  return { expose: (key: string, api: unknown) => ask('expose', [key, pack(api)]) }
}
