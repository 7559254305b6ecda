import { isAddressPreset } from './config/access'
import { maxLengthOf } from './config/facts'
import { isRange } from './address'

/** One address of a pasted list. */
export interface AddressLine {
  readonly from: string
  /** What stood beside it: a comment, or the other columns. */
  readonly note: string | undefined
}

/** A line that holds no address, counted from 1. */
export interface BadLine {
  readonly line: number
  readonly text: string
  readonly why: string
}

const MAX_NOTE = maxLengthOf('services.access.rules.note')

/**
 * Takes pasted or imported text apart: an address, block, range or preset a line, or several divided by commas or
 * semicolons; CSV with the address in any column; comments behind `#`, `;` or `//` are kept as notes. Whole comment lines
 * and a head line of column names are passed over.
 */
export function parseAddressLines(text: string): { readonly good: readonly AddressLine[]; readonly bad: readonly BadLine[] } {
  const good: AddressLine[] = []
  const bad: BadLine[] = []
  const seen = new Set<string>()
  let first = true
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const { cells, comment } = takeApart(raw)
    if (cells.length === 0) continue
    const isHead = first && isHeadLine(cells)
    first = false
    if (isHead) continue
    const addresses = cells.filter(isFrom)
    const others = cells.filter((cell) => !isFrom(cell))
    const wrong = addresses.length === 0 ? cells[0] : others.find(looksLikeAddress)
    if (wrong !== undefined) {
      bad.push({ line: index + 1, text: raw.trim(), why: whyNot(wrong) })
      continue
    }
    const note = [...others, ...(comment === '' ? [] : [comment])].join(', ').slice(0, MAX_NOTE)
    for (const from of addresses) {
      if (seen.has(from)) continue
      seen.add(from)
      good.push({ from, note: note === '' ? undefined : note })
    }
  }
  return { good, bad }
}

function takeApart(raw: string): { cells: string[]; comment: string } {
  const line = raw.replace(/^\s*;/, '#')
  const at = line.search(/#|\/\//)
  const before = at === -1 ? line : line.slice(0, at)
  const comment = at === -1 ? '' : line.slice(at).replace(/^(?:#|\/\/)/, '')
  const cells = [...before.matchAll(/"((?:[^"]|"")*)"|[^,;\t]+/g)]
    .map(([cell, quoted]) => (quoted?.replaceAll('""', '"') ?? cell).trim())
    .filter((cell) => cell !== '')
  // An address with words behind it: "192.168.1.5 printer".
  const [only, ...more] = cells
  const spaced = more.length === 0 ? /^(\S+)\s+([^-\s].*)$/.exec(only ?? '') : null
  return { cells: spaced?.[1] !== undefined && isFrom(spaced[1]) ? [spaced[1], spaced[2] ?? ''] : cells, comment: comment.trim() }
}

function isFrom(text: string): boolean {
  return isAddressPreset(text) || isRange(text)
}

function isHeadLine(cells: readonly string[]): boolean {
  return (
    cells.every((cell) => /^[A-Za-z][A-Za-z _-]*$/.test(cell) && !isFrom(cell)) &&
    cells.some((cell) => /\b(?:ip|address|addresses|network|cidr|from|range)\b/i.test(cell))
  )
}

function looksLikeAddress(text: string): boolean {
  return /^[\d.]+(?:\/\d+)?$/.test(text) && text.includes('.')
}

/** Why a text that was meant as an address is none. */
export function whyNot(text: string): string {
  const [base = '', prefix] = text.split('/')
  const parts = base.split('.')
  if (/^0x/i.test(base)) return 'hexadecimal addresses mean different ones to different programs; write it in decimal'
  if (/^[\d.]+$/.test(base)) {
    if (base.endsWith('.')) return 'there is a dot at the end'
    if (parts.length !== 4) return 'an IPv4 address has four numbers'
    if (parts.some((part) => /^0\d/.test(part))) return 'leave out zeroes in front: some programs read them as octal'
    if (parts.some((part) => Number(part) > 255)) return 'each number is 255 at most'
    if (prefix !== undefined && !/^\d{1,2}$/.test(prefix)) return 'write the block size as a number from 0 to 32'
    if (prefix !== undefined && Number(prefix) > 32) return 'an IPv4 block is /32 at most'
  }
  if (base.includes(':') && prefix !== undefined && Number(prefix) > 128) return 'an IPv6 block is /128 at most'
  if (text.includes('-')) return 'a range is two addresses of one kind, the smaller first'
  return 'this is no address, block or range'
}
