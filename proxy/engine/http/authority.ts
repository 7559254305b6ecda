import { isHost } from '../../contract/backend-url'

/** What a request is addressed to. */
export interface Authority {
  /** As written, with the port if it had one. */
  readonly text: string
  /** In small letters, without port, brackets and final dot. */
  readonly host: string
  readonly port: number | null
}

/** Takes a Host field or the authority of an absolute target apart; null where it is not valid (RFC 9110 §7.2). */
export function parseAuthority(text: string): Authority | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::(\d{0,5}))?$/i.exec(text)
  const host = match?.[1]
    ?.toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  if (host === undefined || !isHost(host)) return null
  const port = match?.[2] === undefined || match[2] === '' ? null : Number(match[2])
  return port !== null && port > 65_535 ? null : { text, host, port }
}
