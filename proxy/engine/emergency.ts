type Closable = Readonly<Record<string, unknown>>

/**
 * “Close everything” from past a host that does not answer. It holds, whatever is loaded, until a document comes that is
 * closed as well: then the host has heard of it, and opens when a person says so.
 */
export class Emergency {
  private closed = false

  get isClosed(): boolean {
    return this.closed
  }

  close(): void {
    this.closed = true
  }

  /** The document as it is to serve. */
  judge(document: unknown): unknown {
    if (!this.closed || !isRecord(document)) return document
    const settings = isRecord(document['settings']) ? document['settings'] : {}
    if (settings['closed'] === true) {
      this.closed = false
      return document
    }
    return { ...document, settings: { ...settings, closed: true } }
  }
}

function isRecord(value: unknown): value is Closable {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
