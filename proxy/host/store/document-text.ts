import type { Steps } from '../../contract/steps'

/** Entries whose text is made between two stops. */
const PER_STEP = 512

/** The text of a long list as it stands in a document, by the list itself: most saves bring the same one again. */
const listTexts = new WeakMap<readonly unknown[], string>()

/** Longer texts are written in turns, so that nothing waits for the disk. */
export const LONG_TEXT = 256 * 1024

/** The text of a document as it is stored, `JSON.stringify` with two blanks, as work in steps. */
export function* documentTextSteps(document: unknown): Steps<string> {
  return `${yield* written(document, '')}\n`
}

function* written(value: unknown, indent: string): Steps<string> {
  if (Array.isArray(value) && value.length > PER_STEP) return yield* writtenList(value, indent)
  if (!holdsLong(value)) return inOne(value, indent)
  const parts: string[] = []
  if (Array.isArray(value)) {
    for (const item of value) parts.push(yield* written(item, `${indent}  `))
    return bracketed('[', parts, ']', indent)
  }
  for (const [key, member] of Object.entries(value)) {
    yield
    if (member !== undefined) parts.push(`${JSON.stringify(key)}: ${yield* written(member, `${indent}  `)}`)
  }
  return bracketed('{', parts, '}', indent)
}

function* writtenList(list: readonly unknown[], indent: string): Steps<string> {
  const known = listTexts.get(list)
  if (known !== undefined && known.startsWith(`[\n${indent}  {`)) return known
  const pieces: string[] = []
  for (let start = 0; start < list.length; start += PER_STEP) {
    // Without the brackets of the piece; its items are set in by two already.
    const piece = inOne(list.slice(start, start + PER_STEP), indent)
    pieces.push(piece.slice(`[\n${indent}  `.length, -`\n${indent}]`.length))
    yield
  }
  const text = bracketed('[', pieces, ']', indent)
  listTexts.set(list, text)
  return text
}

function bracketed(open: string, parts: readonly string[], close: string, indent: string): string {
  return parts.length === 0 ? `${open}${close}` : `${open}\n${indent}  ${parts.join(`,\n${indent}  `)}\n${indent}${close}`
}

function inOne(value: unknown, indent: string): string {
  const text = JSON.stringify(value, null, 2) ?? 'null'
  return indent === '' ? text : text.replaceAll('\n', `\n${indent}`)
}

/** Whether a long list lies within: down to where the configuration’s can. */
export function holdsLong(value: unknown, depth = 0): value is object {
  if (typeof value !== 'object' || value === null || depth > 5) return false
  if (Array.isArray(value) && value.length > PER_STEP) return true
  return Object.values(value).some((member) => holdsLong(member, depth + 1))
}
