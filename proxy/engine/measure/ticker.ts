import { elapsed, wallTime } from '../../contract/clock'
import type { Tick } from '../../contract/events'
import { steadily } from '../../system/steady'
import type { Measures } from './measures'

const SECOND_MS = 1_000

/**
 * Once a second: closes the second's counts and tells what is new. It tells even where nothing is, since a client takes
 * silence for a lost engine.
 */
export class Ticker {
  private readonly timer: NodeJS.Timeout
  private last = elapsed()

  /** `news`: what a second has changed beside traffic. */
  constructor(measures: Measures, news: () => Omit<Tick, 'at' | 'services'>, tell: (tick: Tick) => void) {
    this.timer = steadily(() => this.tick(measures, news(), tell), SECOND_MS)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private tick(measures: Measures, news: Omit<Tick, 'at' | 'services'>, tell: (tick: Tick) => void): void {
    const now = elapsed()
    const seconds = Math.max(0.001, (now - this.last) / SECOND_MS)
    this.last = now
    const services: Tick['services'] = []
    for (const [id, counters] of measures.entries()) {
      counters.tick(seconds)
      const traffic = counters.news()
      if (traffic !== null) services.push({ id, traffic })
    }
    const limits = measures.limits.news()
    const endings = measures.endings.news()
    tell({ at: wallTime(), services, ...news, ...(limits === null ? {} : { limits }), ...(endings === null ? {} : { endings }) })
  }
}
