/** As many notifications are held on to as anybody may still want to click on. */
const HELD = 20

/**
 * Notifications on screen, by cause. Held on to, since one that is collected loses its click; but no more than a few:
 * most are never clicked, and not every desktop tells that one has gone.
 */
export class OnScreen<Item extends { close(): void }> {
  readonly #items = new Map<string, Item>()

  get size(): number {
    return this.#items.size
  }

  /** Puts one up; a former one of the same cause, or the oldest where there are too many, is closed. */
  add(cause: string, item: Item): void {
    this.#close(cause)
    this.#items.set(cause, item)
    for (const oldest of this.#items.keys()) {
      if (this.#items.size <= HELD) return
      this.#close(oldest)
    }
  }

  /** Lets go of one that was clicked or dismissed, unless another has taken its place. */
  forget(cause: string, item: Item): void {
    if (this.#items.get(cause) === item) this.#items.delete(cause)
  }

  #close(cause: string): void {
    const item = this.#items.get(cause)
    this.#items.delete(cause)
    item?.close()
  }
}
