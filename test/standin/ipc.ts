import { Emitter } from './guard'
import { world } from './world'

type Handler = Parameters<Electron.IpcMain['handle']>[1]

export class IpcMain extends Emitter implements Pick<Electron.IpcMain, 'handle' | 'removeHandler'> {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, listener: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, listener)
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  handler(channel: string): ((event: unknown, ...args: unknown[]) => unknown) | undefined {
    return this.#handlers.get(channel) as ((event: unknown, ...args: unknown[]) => unknown) | undefined
  }
}

export const ipcMain = new IpcMain()
world.ipc = ipcMain
