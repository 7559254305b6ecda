/** Why what a client sent is no request. `version`: HTTP, but not a version spoken here. */
export interface HeadFault {
  readonly kind: 'malformed' | 'version' | 'too-large' | 'too-slow'
  /** For the log. */
  readonly reason: string
}
