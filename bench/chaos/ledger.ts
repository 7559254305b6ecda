/** A visit that failed. */
export interface Loss {
  readonly kind: string
  readonly began: number
  readonly ended: number
  readonly error: string
}

/** What became of every visit, so that each failure is laid to the fault it fell into. */
export class Ledger {
  readonly #running = new Map<number, number>()
  readonly #visits: Record<string, number> = {}
  #losses: Loss[] = []
  #next = 0

  async visit(kind: string, visit: () => Promise<void>): Promise<boolean> {
    const id = this.#next++
    const began = performance.now()
    this.#running.set(id, began)
    this.#visits[kind] = (this.#visits[kind] ?? 0) + 1
    try {
      await visit()
      return true
    } catch (error) {
      this.#losses.push({ kind, began, ended: performance.now(), error: inOneWord(error) })
      return false
    } finally {
      this.#running.delete(id)
    }
  }

  get visits(): Readonly<Record<string, number>> {
    return this.#visits
  }

  /** Whether every visit that began before then has ended. */
  settledSince(moment: number): boolean {
    return [...this.#running.values()].every((began) => began >= moment)
  }

  isIdle(): boolean {
    return this.#running.size === 0
  }

  /** Those since the last call. */
  takeLosses(): Loss[] {
    const losses = this.#losses
    this.#losses = []
    return losses
  }
}

/** Alike errors under one name: their numbers are taken out. */
function inOneWord(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as NodeJS.ErrnoException).code
  return code ?? error.message
}
