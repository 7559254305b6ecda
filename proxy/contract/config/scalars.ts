import { z } from 'zod'
import { MASK } from './secret'

const DURATION_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SIZE_UNITS = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

/** Milliseconds of a duration such as `500ms`, `5s`, `2m`, `1h`, `30d`; null where the text is none. */
export function parseDuration(text: string): number | null {
  return scaled(text, DURATION_UNITS)
}

/** Bytes of a size such as `512KB` or `1GB` (powers of 1024); null where the text is none. */
export function parseSize(text: string): number | null {
  return scaled(text, SIZE_UNITS)
}

/** A size as people write it: `32KB`. */
export function sizeText(bytes: number): string {
  const unit = (['GB', 'MB', 'KB'] as const).find((name) => bytes >= SIZE_UNITS[name] && bytes % SIZE_UNITS[name] === 0) ?? 'B'
  return `${bytes / SIZE_UNITS[unit]}${unit}`
}

function scaled(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^(\d{1,15})([A-Za-z]{1,2})$/.exec(text)
  const unit = match?.[2] === undefined ? undefined : units[match[2]]
  if (match?.[1] === undefined || unit === undefined) return null
  const value = Number(match[1]) * unit
  return Number.isSafeInteger(value) ? value : null
}

/** A duration field: text in the document, milliseconds in the parsed configuration. */
export function duration(min: string, max: string) {
  const low = parseDuration(min) ?? 0
  const high = parseDuration(max) ?? Number.MAX_SAFE_INTEGER
  return z
    .string({ error: 'write a duration as text, such as "5s"' })
    .refine((text) => parseDuration(text) !== null, { error: 'write a duration such as 500ms, 5s, 2m, 1h or 30d', abort: true })
    .transform((text) => parseDuration(text) ?? 0)
    .refine((value) => value >= low && value <= high, { error: `choose a duration from ${min} to ${max}` })
    .meta({ type: 'string', pattern: '^\\d+(ms|s|m|h|d)$' })
}

/** A size field: text in the document, bytes in the parsed configuration. */
export function size(min: string, max: string) {
  const low = parseSize(min) ?? 0
  const high = parseSize(max) ?? Number.MAX_SAFE_INTEGER
  return z
    .string({ error: 'write a size as text, such as "1GB"' })
    .refine((text) => parseSize(text) !== null, { error: 'write a size such as 512KB, 10MB or 1GB', abort: true })
    .transform((text) => parseSize(text) ?? 0)
    .refine((value) => value >= low && value <= high, { error: `choose a size from ${min} to ${max}` })
    .meta({ type: 'string', pattern: '^\\d+(B|KB|MB|GB)$' })
}

/** A stable slug: the key of metrics, logs and API addresses. */
export const id = z
  .string({ error: 'give it an id: small letters, digits and dashes' })
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'use 1 to 63 small letters, digits and dashes, starting with a letter or digit' })

/** A TCP port that can be named: 0 ("any free one") is not a port people can be sent to. */
export const port = z
  .number({ error: 'write the port as a number from 1 to 65535' })
  .int({ error: 'write the port as a whole number from 1 to 65535' })
  .min(1, { error: 'choose a port from 1 to 65535' })
  .max(65_535, { error: 'choose a port from 1 to 65535' })

/** A field name as RFC 9110 §5.1 has it. */
export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/, { error: 'use the letters, digits and dashes of an HTTP header name' })

/** Fields that frame or address a message: set by hand they would let two servers read one message differently. */
const FRAMING = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'keep-alive', 'te', 'trailer', 'expect']

/** A field that a service may set or remove. */
export const editableHeader = headerName.refine((name) => !FRAMING.includes(name.toLowerCase()), {
  error: (issue) =>
    `${String(issue.input)} is set by AstroRelay itself; leave it out${String(issue.input).toLowerCase() === 'host' ? ' and use "headers.host"' : ''}`,
})

/** A field value: visible characters, blanks and tabs; never a line break (RFC 9110 §5.5), which would end the header. A mask keeps what it stands for. */
export const headerValue = z.string().refine((text) => text === MASK || /^[\t\x20-\x7e\x80-\xff]{0,8192}$/.test(text), {
  error: 'a header value has no line breaks or control characters',
})
