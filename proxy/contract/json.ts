/**
 * JSON of a stranger's making is parsed here only. What nests without end makes whatever walks it later run out of stack, from
 * the checks of a schema to the comparison of two documents (CWE-674); a configuration is a dozen levels deep.
 */
export const MOST_DEEP = 100

/** Parses JSON; throws a SyntaxError, also of what is nested too deep. */
export function parseJson(text: string): unknown {
  const at = tooDeepAt(text)
  if (at !== -1) throw new SyntaxError(`${TOO_DEEP} (at position ${at})`)
  return JSON.parse(text)
}

export const TOO_DEEP = `arrays and objects are nested more than ${MOST_DEEP} deep here, which nothing of AstroRelay is`

/** Where a text, valid or not, opens one array or object too many; -1: nowhere. */
export function tooDeepAt(text: string): number {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === BACKSLASH) at += 1
      else if (code === QUOTE) inText = false
    } else if (code === QUOTE) inText = true
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1
      if (depth > MOST_DEEP) return at
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1
  }
  return -1
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
