import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Issue } from '../../contract/issue'
import { atOnce, type Steps } from '../../contract/steps'
import { DEEPEST, jsonInPieces, NotJson, offsetOf } from './json-pieces'

export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly lineOf: (path: string) => number | null }
  | { readonly ok: false; readonly issue: Issue }

/** How much of a text is looked at to say what is wrong in it: words come from a parser that keeps a tree of all it reads. */
const SHOWN = 64 * 1024

/** Parses JSON, strictly; an error has line and column as its place: `line 3, column 7`. */
export function parseJsonText(text: string): JsonText {
  return atOnce(jsonTextParsing(text))
}

/** The same as work in steps. */
export function* jsonTextParsing(text: string): Steps<JsonText> {
  const plain = text.replace(/^\uFEFF/, '')
  try {
    const value = yield* jsonInPieces(plain)
    return { ok: true, value, lineOf: (path) => lineAt(plain, offsetOf(plain, segmentsOf(path))) }
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    return { ok: false, issue: whatIsWrong(plain, error) }
  }
}

function whatIsWrong(text: string, { kind, offset, end }: NotJson): Issue {
  if (kind === 'deep')
    return {
      path: place(text, offset),
      message: `lists and objects lie more than ${DEEPEST} deep within one another here; nothing in a configuration does`,
    }
  if (kind === 'repeated') return repeated(text, offset, end)
  if (text.length <= SHOWN) return withinPiece(text, 0, text)
  return kind === 'within'
    ? withinPiece(text, offset, text.slice(offset, Math.min(end, offset + SHOWN)))
    : { path: place(text, offset), message: WORDS[kind] ?? NOT_JSON }
}

/** Says what is wrong in a piece of a text, which may be several values of a list. */
function withinPiece(text: string, start: number, piece: string): Issue {
  const opened = start === 0 ? '' : '['
  const errors: ParseError[] = []
  const tree = parseTree(`${opened}${piece}${opened === '' ? '' : ']'}`, errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  })
  const at = start - opened.length
  const first = errors[0]
  if (first) return { path: place(text, at + first.offset), message: WORDS[printParseErrorCode(first.error)] ?? NOT_JSON }
  const twice = tree && repeatedKey(tree)
  return twice ? repeated(text, at + twice.offset, at + twice.offset + twice.length) : { path: place(text, start), message: NOT_JSON }
}

function repeated(text: string, start: number, end: number): Issue {
  return { path: place(text, start), message: `the key ${text.slice(start, end)} is here a second time; remove one of the two` }
}

/** JSON's parsers keep the last of two equal keys without a word, and with it half of what a person wrote. */
function repeatedKey(node: Node): Node | null {
  const seen = new Set<unknown>()
  for (const child of node.children ?? []) {
    const [key] = node.type === 'object' ? (child.children ?? []) : []
    if (key && seen.has(key.value)) return key
    if (key) seen.add(key.value)
    const below = repeatedKey(child)
    if (below) return below
  }
  return null
}

function place(text: string, offset: number): string {
  return `line ${lineAt(text, offset)}, column ${offset - text.lastIndexOf('\n', offset - 1)}`
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', end + 1)) line++
  return line
}

function segmentsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) => (match[1] === undefined ? match[0] : Number(match[1])))
}

const NOT_JSON = 'this is not valid JSON'

/** By the names that jsonc-parser gives its findings. */
const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON; texts stand in double quotes',
  InvalidNumberFormat: 'this number is not written as JSON wants it',
  PropertyNameExpected: 'a key in double quotes belongs here; perhaps the comma before it is one too many',
  ValueExpected: 'a value belongs here; perhaps the comma before it is one too many',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing } is missing here',
  CloseBracketExpected: 'a closing ] is missing here',
  EndOfFileExpected: 'the document has ended; nothing may follow',
  InvalidCommentToken: 'comments are not allowed in this file',
  UnexpectedEndOfComment: 'comments are not allowed in this file',
  UnexpectedEndOfString: 'this text has no closing quote',
}
