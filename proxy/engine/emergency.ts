type Closable = Readonly<Record<string, unknown>>

/**
 * “Close everything” from past a host that does not answer. It holds, whatever is loaded, until a document comes that is
 * closed as well: then the host has heard of it, and opens when a person says so. A host that could not save that (a full
 * disk) loads the revision before once more, which is no person's word: it is closed again.
 */
export class Emergency {
  private closed = false
  private served: string | null = null
  /** The revision that comes again where a host could not save that everything is closed. */
  private before: string | null = null

  get isClosed(): boolean {
    return this.closed
  }

  close(): void {
    this.closed = true
  }

  /** The document as it is to serve. */
  judge(document: unknown, revision: string): unknown {
    if (!isRecord(document)) return document
    const settings = isRecord(document['settings']) ? document['settings'] : {}
    const heard = settings['closed'] === true
    if (!heard && revision === this.before) this.closed = true
    if (this.closed && heard) this.before = this.served
    else if (!heard) this.before = null
    if (heard) this.closed = false
    this.served = revision
    return this.closed ? { ...document, settings: { ...settings, closed: true } } : document
  }
}

function isRecord(value: unknown): value is Closable {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
