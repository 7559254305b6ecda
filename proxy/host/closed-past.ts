import { steadily } from '../system/steady'
import type { Configuration } from './configuration'
import type { Notices } from './notices'

/** So often it is tried again to save what could not be saved. */
const AGAIN_MS = 2_000

export interface ClosedPastOptions {
  readonly configuration: () => Pick<Configuration, 'current' | 'edit'>
  readonly notices: Pick<Notices, 'add'>
  readonly log: (line: string) => void
}

/**
 * Everything was closed past this host, which did not answer: its document says so too as soon as it can be saved. Until then
 * every engine that is started is told, so that neither a full disk nor a restart opens again what somebody closed.
 */
export class ClosedPast {
  #again: NodeJS.Timeout | undefined
  #isPending = false

  constructor(private readonly options: ClosedPastOptions) {}

  /** Whether an engine has to be told, since the document does not say it yet. */
  get isPending(): boolean {
    return this.#isPending
  }

  /** Saves it; where that cannot be, says so and goes on trying. */
  async begin(): Promise<void> {
    this.#isPending = true
    const why = await this.#save()
    if (why === null || this.#again !== undefined) return
    this.options.notices.add(
      'error',
      'Everything is closed, which cannot be saved',
      `${why} The gateway stays closed, and it is tried again until it is saved.`,
      '/settings',
    )
    this.#again = steadily(() => this.#save(), AGAIN_MS, this.options.log)
  }

  stop(): void {
    clearInterval(this.#again)
    this.#again = undefined
  }

  /** Gives why not; null: it is saved. */
  async #save(): Promise<string | null> {
    const configuration = this.options.configuration()
    try {
      if (!configuration.current.config.settings.closed)
        await configuration.edit(
          (document) => ({ ...document, settings: { ...document.settings, closed: true } }),
          'command line',
          'Closed everything, while the window and console did not answer',
        )
      this.#isPending = false
      this.stop()
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}
