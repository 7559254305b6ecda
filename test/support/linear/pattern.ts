/** A piece of a regular expression, as far as texts are made for it. */
export type Piece =
  | { readonly kind: 'signs'; readonly source: string; readonly members: readonly string[] }
  | { readonly kind: 'group'; readonly options: readonly (readonly Piece[])[] }

/** What signs are taken from: ASCII, and some that only few classes hold. */
const POOL = [...Array.from({ length: 127 }, (_, code) => String.fromCharCode(code)), '\u00a0', '\u00ff', '\u2028', '\u00e9']
const ONE_SIGN = /^(?:\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[pP]\{[^}]*\}|[^])|\[(?:\\[^]|[^\\\]])*\]|[^\\[\]()|?*+^$])/i
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/

/** A regular expression taken apart, and written anew so that each sign it takes may be given back. */
export interface Taken {
  readonly options: readonly (readonly Piece[])[]
  readonly counted: string
}

/**
 * Takes a pattern apart. `counted` is the same pattern, in which V8 keeps no loop over single signs to itself: each sign that
 * is taken can be given back, and counts (irregexp's loops over plain text go back without counting).
 */
export function takeApart(source: string, flags: string): Taken {
  let at = 0
  let counted = ''

  function alternatives(): Piece[][] {
    const options: Piece[][] = [[]]
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        counted += '|'
        at += 1
        options.push([])
        continue
      }
      const piece = next()
      if (piece !== null) options.at(-1)?.push(piece)
      const quantifier = QUANTIFIER.exec(source.slice(at))?.[0] ?? ''
      counted += quantifier
      at += quantifier.length
    }
    return options
  }

  function next(): Piece | null {
    const rest = source.slice(at)
    const assertion = /^(?:[$^]|\\[bB])/.exec(rest)?.[0]
    if (assertion !== undefined) {
      counted += assertion
      at += assertion.length
      return null
    }
    const open = /^\((?:\?(?::|<?[=!]|<\w+>))?/.exec(rest)?.[0]
    if (open !== undefined) {
      counted += open
      at += open.length
      const options = alternatives()
      counted += ')'
      at += 1
      return /[=!]$/.test(open) ? null : { kind: 'group', options }
    }
    const sign = ONE_SIGN.exec(rest)?.[0]
    if (sign === undefined) throw new Error(`cannot read /${source}/ at ${at}`)
    counted += `(?:${sign}|(?!))`
    at += sign.length
    const only = new RegExp(`^(?:${sign})$`, flags.replace(/[gym]/g, ''))
    return { kind: 'signs', source: sign, members: POOL.filter((member) => only.test(member)) }
  }

  return { options: alternatives(), counted: ((): string => counted)() }
}
