import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Emitter, guard, PreventableEvent } from './guard'
import { takeLock } from './single-instance'
import { boot, world } from './world'

type Used =
  | 'name'
  | 'isPackaged'
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'getVersion'
  | 'getName'
  | 'setName'
  | 'getAppPath'
  | 'getPath'
  | 'setPath'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAppUserModelId'
  | 'focus'
  | 'getLocale'

export class App extends Emitter implements Pick<Electron.App, Used> {
  name = ''
  readonly isPackaged = false
  readonly dock = undefined
  readonly commandLine = guard('commandLine', {
    appendSwitch: (name: string, value?: string) => void boot().switches.set(name, value ?? ''),
    hasSwitch: (name: string) => boot().switches.has(name),
    getSwitchValue: (name: string) => boot().switches.get(name) ?? '',
  } satisfies Partial<Electron.CommandLine>)
  #ready = false
  #quitting = false
  #becameReady: () => void = () => undefined
  readonly #whenReady = new Promise<void>((resolve) => {
    this.#becameReady = resolve
  })
  readonly #paths = new Map<string, string>()
  #lock: { release(): void } | null = null

  becomeReady(): void {
    this.#ready = true
    this.#becameReady()
    this.emit('ready', {}, {})
  }

  isReady(): boolean {
    return this.#ready
  }

  whenReady(): Promise<void> {
    return this.#whenReady
  }

  getVersion(): string {
    return boot().version
  }

  getName(): string {
    return this.name
  }

  setName(name: string): void {
    this.name = name
  }

  getAppPath(): string {
    return boot().appPath
  }

  getLocale(): string {
    return 'en-US'
  }

  setAppUserModelId(_id: string): void {}

  focus(_options?: Electron.FocusOptions): void {}

  setPath(name: string, directory: string): void {
    if (!path.isAbsolute(directory)) throw new Error('Path must be absolute')
    if (!existsSync(directory)) throw new Error(`Failed to set path: ${directory} does not exist`)
    this.#paths.set(name, directory)
  }

  getPath(name: Parameters<Electron.App['getPath']>[0]): string {
    const config = process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config')
    const fixed: Readonly<Record<string, string>> = { home: os.homedir(), appData: config, temp: os.tmpdir(), exe: process.execPath }
    const known = this.#paths.get(name) ?? fixed[name]
    if (known !== undefined) return known
    if (name === 'userData' || name === 'sessionData') return path.join(config, this.name)
    if (name === 'logs') return path.join(this.getPath('userData'), 'logs')
    throw new Error(`Failed to get '${name}' path`)
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    this.#lock ??= takeLock(this.getPath('userData'), additionalData, (second) =>
      this.emit('second-instance', new PreventableEvent(), second.argv, second.cwd, second.additionalData),
    )
    return this.#lock !== null
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock !== null
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release()
    this.#lock = null
  }

  quit(): void {
    if (this.#quitting || this.#prevented('before-quit')) return
    this.#quitting = true
    for (const window of world.windows) {
      window.close()
      if (!window.isDestroyed()) this.#quitting = false
      if (!this.#quitting) return
    }
    if (this.#prevented('will-quit')) this.#quitting = false
    else this.exit(0)
  }

  exit(code = 0): void {
    this.#quitting = true
    this.emit('quit', {}, code)
    this.releaseSingleInstanceLock()
    for (const child of world.children) child.kill()
    const closed = Promise.resolve(world.browser).then((browser) => browser?.close())
    const late = new Promise((resolve) => setTimeout(resolve, 3_000))
    Promise.race([closed, late])
      .catch(() => undefined)
      .finally(() => process.exit(code))
  }

  #prevented(name: string): boolean {
    const event = new PreventableEvent()
    this.emit(name, event)
    return event.defaultPrevented
  }
}

export const app = new App()
world.app = app
