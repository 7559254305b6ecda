import { readOnConnection, shown } from './connections'
import { llhttpMethods, readWithLlhttp } from './llhttp'
import { randomPieces } from './pieces'
import { seededRandom, type Random } from './random'
import type { Reading, ReadMessage, Sample } from './reading'
import { nextSample } from './samples'
import { readWithWire } from './wire'
import { writtenOut } from './written-out'

export interface Disagreement {
  /** Which sample of the run. */
  readonly number: number
  readonly what: string
  readonly kind: Sample['kind']
  readonly bytes: string
  readonly ours: Reading
  readonly theirs: Reading
}

/** What came of a run. */
export interface Outcome {
  readonly seed: number
  /** Samples: runs of bytes as one connection brings them. */
  readonly samples: number
  /** Into how many pieces they were cut, one read each. */
  readonly pieces: number
  /** Messages that ours took whole, and llhttp with it. */
  readonly accepted: number
  /** Samples that ours refused, and how many of them llhttp would have taken: where ours is the stricter. */
  readonly refused: number
  readonly stricter: number
  /** Why ours was the stricter, and how often. */
  readonly reasons: Readonly<Record<string, number>>
  readonly disagreements: readonly Disagreement[]
}

const MOST = 20

/**
 * Puts `count` samples of a seed before both parsers. Whatever ours accepts, llhttp must accept with the same method, target,
 * status, fields, framing and body; what was not twisted, ours must accept; and how the bytes are cut into pieces changes nothing.
 */
export function runDifferential(seed: number, count: number): Outcome {
  const random = seededRandom(seed)
  const disagreements: Disagreement[] = []
  const reasons: Record<string, number> = {}
  let pieces = 0
  let accepted = 0
  let refused = 0
  let stricter = 0
  for (let number = 0; number < count && disagreements.length < MOST; number++) {
    const sample = nextSample(random)
    const ours = readWithWire(sample, () => Number.MAX_SAFE_INTEGER)
    const theirs = readWithLlhttp(sample)
    const cut = randomPieces(random, sample.bytes)
    pieces += cut.length
    const what = disagreementOn(sample, ours, theirs) ?? differenceInPieces(random, sample, ours, cut)
    if (what !== null) disagreements.push({ number, what, kind: sample.kind, bytes: sample.bytes.toString('latin1'), ours, theirs })
    for (const { complete } of ours.messages) if (complete) accepted++
    if (ours.end === 'error') {
      refused++
      if (theirs.end !== 'error') {
        stricter++
        reasons[ours.reason] = (reasons[ours.reason] ?? 0) + 1
      }
    }
  }
  return { seed, samples: count, pieces, accepted, refused, stricter, reasons, disagreements }
}

/** How the bytes are cut changes nothing, neither for the readers alone nor on the engine's own connections. */
function differenceInPieces(random: Random, sample: Sample, ours: Reading, pieces: readonly Buffer[]): string | null {
  const inPieces = readWithWire(sample, () => 1 + random.below(random.oneIn(3) ? 2 : 40))
  if (!same(ours, inPieces)) return 'pieces change the meaning'
  const there = readOnConnection(sample, pieces)
  if (same(shown(sample, ours), shown(sample, there))) return null
  const lengths = pieces.map(({ length }) => length).join(' ')
  return `on a connection, in pieces of ${lengths}, it is read as ${JSON.stringify(shown(sample, there))}`
}

/**
 * What llhttp refuses although the rules allow it is no disagreement, and is judged as it would read without:
 * - a tab after the value of a field that frames (RFC 9110 §5.6.3), with blanks in its place;
 * - the liberties that answers are allowed, written out strictly by other means than the engine's (`writtenOut`).
 */
function disagreementOn(sample: Sample, ours: Reading, theirs: Reading): string | null {
  const found = disagreement(sample, ours, theirs)
  if (found === null) return null
  const tabless = { ...sample, bytes: withoutTabs(sample.bytes) }
  const left = sample.bytes.equals(tabless.bytes) ? found : judgedAnew(tabless)
  if (left === null || left.taken || sample.kind === 'request') return left?.what ?? null
  const strict = { ...sample, bytes: withoutTabs(writtenOut(tabless)) }
  return disagreement(strict, ours, readWithLlhttp(strict))?.what ?? null
}

function judgedAnew(sample: Sample): Disagreed | null {
  return disagreement(
    sample,
    readWithWire(sample, () => Number.MAX_SAFE_INTEGER),
    readWithLlhttp(sample),
  )
}

function withoutTabs(bytes: Buffer): Buffer {
  const text = bytes
    .toString('latin1')
    .replace(
      /^((?:content-length|transfer-encoding):[ \t]*\w+)([ \t]+)\r\n/gim,
      (_all: string, field: string, blanks: string) => `${field}${' '.repeat(blanks.length)}\r\n`,
    )
  return Buffer.from(text, 'latin1')
}

interface Disagreed {
  readonly what: string
  /** llhttp took the message in question whole, so that nothing excuses another meaning. */
  readonly taken: boolean
}

function disagreement(sample: Sample, ours: Reading, theirs: Reading): Disagreed | null {
  if (sample.valid && ours.end === 'error') return { what: `a valid message was refused: ${ours.reason}`, taken: true }
  for (const [at, message] of ours.messages.entries()) {
    const other = theirs.messages[at]
    if (other === undefined) {
      // After an upgrade or a close llhttp leaves the rest alone; and it knows only the methods of a list (RFC 9110 §9.1 allows any).
      if (
        theirs.end === 'stopped' ||
        (theirs.reason === 'HPE_INVALID_METHOD' && !llhttpMethods.has(message.start.slice(0, message.start.indexOf(' '))))
      )
        return null
      return { what: `llhttp does not take message ${at}: ${theirs.reason || theirs.end}`, taken: theirs.end !== 'error' }
    }
    const difference = differenceOf(message, other)
    if (difference !== null) return { what: `message ${at}: ${difference}`, taken: theirs.end !== 'error' || other.complete }
  }
  return null
}

function differenceOf(ours: ReadMessage, theirs: ReadMessage): string | null {
  if (ours.start !== theirs.start) return 'another first line'
  if (!same(told(ours.fields), told(theirs.fields))) return 'other fields'
  if (!ours.complete) return theirs.body.startsWith(ours.body) ? null : 'body bytes that llhttp does not take for such'
  if (!theirs.complete) return 'ours is complete, llhttp’s is not'
  if (ours.body !== theirs.body) return 'another body'
  return same(ours.trailers, theirs.trailers) ? null : 'other trailers'
}

/** A length is the same number however many zeroes it begins with. */
function told(fields: ReadMessage['fields']): ReadMessage['fields'] {
  return fields.map(([name, value]) => [name, name === 'content-length' ? value.replace(/^0+(?=\d)/, '') : value])
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
