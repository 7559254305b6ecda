import { app, dialog } from 'electron'
import { elapsed } from '../../proxy/contract/clock'
import type { Host } from '../../proxy/host/host'
import type { Memory } from './memory'
import type { MainWindow } from './window'

/** The buttons of the question, in the order of the design; the safe one is the default. */
const BUTTONS = ['Cancel', 'Stop and quit', 'Keep running'] as const
const CANCEL = 0
const STOP = 1
const KEEP = 2

/** The host lets running requests end for a while; should it hang, the app ends all the same. */
const LATEST_MS = 15_000

/** A service manager signals the launcher, which passes it on, and us: one request, told twice. */
const SAME_SIGNAL_MS = 1_000

export interface QuitOptions {
  readonly host: Host
  readonly window: MainWindow
  readonly memory: Memory
  /** Ends what must not outlive the host, such as the tray. */
  readonly beforeExit: () => void
  readonly log: (line: string) => void
}

/** Quitting stops the gateway, so it is asked for while services are live; then running requests may end first. */
export class Quit {
  #stage: 'open' | 'asking' | 'draining' = 'open'

  constructor(private readonly options: QuitOptions) {}

  /** From here on the app ends only this way. */
  listen(): void {
    app.on('before-quit', (event) => {
      event.preventDefault()
      // Asked again while it drains: the person does not want to wait.
      if (this.#stage === 'draining') this.#end()
      else if (this.#stage === 'open') this.#ask().catch((error: unknown) => this.options.log(`Quit: ${String(error)}`))
    })
    // A service manager or Ctrl+C cannot answer a question.
    let signalledAt = -Infinity
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // The package below electron-store's atomic writes (when-exit) sends every signal a second time, which would cut the draining.
      process.removeAllListeners(signal)
      process.on(signal, () => {
        if (elapsed() - signalledAt < SAME_SIGNAL_MS) return
        signalledAt = elapsed()
        void this.#drain()
      })
    }
  }

  async #ask(): Promise<void> {
    this.#stage = 'asking'
    try {
      const live = await this.#liveServices()
      const answer = live === 0 ? STOP : (this.#remembered() ?? (await this.#question(live)))
      if (answer === STOP) await this.#drain()
      else if (answer === KEEP) this.options.window.hide()
    } finally {
      if (this.#stage === 'asking') this.#stage = 'open'
    }
  }

  async #liveServices(): Promise<number> {
    const { engine, services } = await this.options.host.handlers.status({})
    if (engine.state === 'stopped' || engine.state === 'failed') return 0
    return services.filter((service) => service.state !== 'off' && service.state !== 'down').length
  }

  /** The answer the person gave for good. Keeping the gateway hides the window, so where none is to be seen Quit asks all the same. */
  #remembered(): number | null {
    const { memory, window } = this.options
    if (memory.content.onQuit === 'stop') return STOP
    return memory.content.onQuit === 'keep' && window.browserWindow?.isVisible() ? KEEP : null
  }

  async #question(live: number): Promise<number> {
    const services = live === 1 ? '1 service' : `${live} services`
    const question = {
      type: 'question' as const,
      title: 'AstroRelay',
      message: 'Keep the gateway running?',
      detail: `If you stop it, ${services} cannot be reached until AstroRelay is opened again.`,
      buttons: [...BUTTONS],
      defaultId: KEEP,
      cancelId: CANCEL,
      checkboxLabel: 'Do not ask again',
      checkboxChecked: false,
      noLink: true,
    }
    const parent = this.options.window.browserWindow
    const { response, checkboxChecked } = await (parent?.isVisible()
      ? dialog.showMessageBox(parent, question)
      : dialog.showMessageBox(question))
    if (checkboxChecked && response !== CANCEL) this.options.memory.remember({ onQuit: response === STOP ? 'stop' : 'keep' })
    return response
  }

  async #drain(): Promise<void> {
    if (this.#stage === 'draining') return this.#end()
    this.#stage = 'draining'
    this.options.window.letGo()
    this.options.beforeExit()
    const late = setTimeout(() => this.#end(), LATEST_MS)
    await this.options.host.stop().catch((error: unknown) => this.options.log(`The gateway did not stop cleanly: ${String(error)}`))
    clearTimeout(late)
    this.#end()
  }

  /** Not `app.quit`, which would come back to `before-quit`. */
  #end(): void {
    app.exit(0)
  }
}
