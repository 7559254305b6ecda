import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Issue } from '../../contract/issue'

export type JsonText =
  | { readonly ok: true; readonly value: unknown; readonly lineOf: (path: string) => number | null }
  | { readonly ok: false; readonly issue: Issue }

/** Parses JSON, strictly; an error has line and column as its place: `line 3, column 7`. */
export function parseJsonText(text: string): JsonText {
  const plain = text.replace(/^\uFEFF/, '')
  const errors: ParseError[] = []
  const tree = parseTree(plain, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false })
  const first = errors[0]
  if (first)
    return {
      ok: false,
      issue: { path: place(plain, first.offset), message: WORDS[printParseErrorCode(first.error)] ?? 'this is not valid JSON' },
    }
  const twice = tree && repeatedKey(tree)
  if (twice)
    return {
      ok: false,
      issue: {
        path: place(plain, twice.offset),
        message: `the key ${plain.slice(twice.offset, twice.offset + twice.length)} is here a second time; remove one of the two`,
      },
    }
  try {
    const value: unknown = JSON.parse(plain)
    return { ok: true, value, lineOf: (path) => lineOf(plain, tree, path) }
  } catch (error) {
    return { ok: false, issue: { path: 'line 1, column 1', message: error instanceof Error ? error.message : String(error) } }
  }
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
  const before = text.slice(0, offset).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** The line of an issue's path, or of the nearest thing around it that is there. */
function lineOf(text: string, tree: Node | undefined, path: string): number | null {
  const segments = [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) => (match[1] === undefined ? match[0] : Number(match[1])))
  if (!tree) return null
  for (let length = segments.length; length >= 0; length--) {
    const node = findNodeAtLocation(tree, segments.slice(0, length))
    if (node) return text.slice(0, node.offset).split('\n').length
  }
  return null
}

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
