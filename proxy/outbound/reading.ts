/** What a program has said so far shows. */
export interface Reading {
  /** `more` is awaited; it is `other` than the one that is expected, or it is that one and is left `well`. */
  readonly verdict: 'more' | 'other' | 'well'
  /** What is sent back. */
  readonly say?: Buffer
  /** It is the one, and says itself that it does not work. */
  readonly fault?: string
}
