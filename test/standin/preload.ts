/* oxlint-disable typescript/no-explicit-any -- this code plays the loose surroundings of a preload script */
import { makeBridge } from './bridge'
import { makeValues } from './values'

export interface PreloadBoot {
  readonly file: string
  readonly secret: string
  /** The function by which the isolated world speaks to us. */
  readonly binding: string
  readonly platform: string
  readonly versions: Readonly<Record<string, string | undefined>>
}

/** The script of the isolated world. No eval, which the page's policy would stop: the preload's text is spliced in as a function. */
export function preloadScript(boot: PreloadBoot, preload: string): string {
  return `(${surround.toString()})(${JSON.stringify(boot)}, ${makeValues.toString()}, ${makeBridge.toString()}, function (require, process, exports, module) {\n${preload}\n})\n//# sourceURL=${boot.file}`
}

/** The script of the page's own world: its end of the context bridge. */
export function mainWorldScript(secret: string): string {
  return `if (window.top === window) (${makeBridge.toString()})('main', ${JSON.stringify(secret)})`
}

/** Runs in the isolated world, sent as text: what a sandboxed preload finds, which is `electron` and no Node. */
function surround(boot: PreloadBoot, values: typeof makeValues, bridgeEnd: typeof makeBridge, run: (...args: unknown[]) => void): void {
  // Electron too runs a preload in the main frame only.
  if (window.top !== window) return
  const carry = values()
  const bridge = bridgeEnd('isolated', boot.secret)
  const world = globalThis as any
  const native = world[boot.binding] as (text: string) => void
  delete world[boot.binding]

  const listeners = new Map<string, Set<(...args: any[]) => void>>()
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let lastId = 0
  const event = { ports: [], preventDefault() {} }
  const ipcRenderer = throwing('ipcRenderer', {
    send: (channel: string, ...args: unknown[]) => native(JSON.stringify({ kind: 'send', channel, args: carry.encode(args) })),
    invoke(channel: string, ...args: unknown[]) {
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        native(JSON.stringify({ kind: 'invoke', id, channel, args: carry.encode(args) }))
      })
    },
    on(channel: string, listener: (...args: any[]) => void) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
    },
    off: (channel: string, listener: (...args: any[]) => void) => void listeners.get(channel)?.delete(listener),
  })
  world['__standinDeliver'] = (text: string) => {
    const message = carry.decode(text) as any
    if (message.kind === 'event') {
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
      return
    }
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) call?.resolve(message.result)
    else call?.reject(new Error(message.error))
  }

  // No page can tell where a file lies, so a spec says it on the document: `data-standin-paths`, by name. Unknown is empty, as in Electron.
  const webUtils = throwing('webUtils', {
    getPathForFile: (file: File) =>
      (JSON.parse(document.documentElement.dataset['standinPaths'] ?? '{}') as Record<string, string>)[file.name] ?? '',
  })
  const electron = throwing('preload electron', {
    ipcRenderer,
    webUtils,
    contextBridge: { exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api) },
  })
  const load = (name: string) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  try {
    run(
      load,
      { type: 'renderer', sandboxed: true, contextIsolated: true, platform: boot.platform, versions: boot.versions, env: {}, argv: [] },
      module.exports,
      module,
    )
  } catch (error) {
    console.error(`Unable to load preload script: ${boot.file}`, error)
    native(JSON.stringify({ kind: 'preload-error', message: String(error) }))
  }

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- this function's text has to stand alone
  function throwing(name: string, object: any): any {
    return new Proxy(object, {
      get(target, key) {
        if (key in target || typeof key === 'symbol') return target[key]
        throw new Error(`electron stand-in: ${name}.${key} is not implemented`)
      },
    })
  }
}
