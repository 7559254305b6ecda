import type { Sample } from './reading'

/**
 * A run of answers as a strict server would have sent them: lines in CRLF, no blanks before colons or round chunk sizes, no
 * folds, one length where several are equal. It is made from the text alone, by other means than the engine's, and is sloppy
 * where the engine refuses: it only has to be right where both read.
 */
export function writtenOut({ bytes, answers }: Pick<Sample, 'bytes' | 'answers'>): Buffer {
  let rest = bytes.toString('latin1')
  let out = ''
  for (;;) {
    const end = /\n\r?\n/.exec(rest)
    if (end === null) return Buffer.from(out + rest, 'latin1')
    const head = strictFields(rest.slice(0, end.index + 1))
    out += `${head}\r\n`
    rest = rest.slice(end.index + end[0].length)
    const status = /^HTTP\/1\.. (\d{3})/.exec(head)?.[1] ?? ''
    if (status === '101') return Buffer.from(out + rest, 'latin1')
    if (answers === 'HEAD' || /^(?:1..|204|304)$/.test(status)) continue
    if (/^transfer-encoding:/im.test(head)) {
      const body = strictChunks(rest)
      out += body.text
      rest = body.rest
      continue
    }
    const length = /^content-length:[ \t]*(\d+)/im.exec(head)?.[1]
    const size = length === undefined ? rest.length : Number(length)
    out += rest.slice(0, size)
    rest = rest.slice(size)
  }
}

function strictFields(text: string): string {
  const unfolded = text
    .replace(/\r?\n/g, '\r\n')
    .replace(/[ \t]*\r\n[ \t]+(?=[^ \t])/g, ' ')
    .replace(/^([^\s:]+)[ \t]+:/gm, '$1:')
  const lengths = [...unfolded.matchAll(/^content-length:(.*)\r\n/gim)].flatMap(([, value = '']) =>
    value.split(',').map((part) => part.trim()),
  )
  if (lengths.length === 0 || !lengths.every((length) => /^\d+$/.test(length) && BigInt(length) === BigInt(lengths[0] ?? '')))
    return unfolded
  let first = true
  return unfolded.replace(/^(content-length):.*\r\n/gim, (_, name: string) => {
    if (!first) return ''
    first = false
    return `${name}: ${BigInt(lengths[0] ?? '')}\r\n`
  })
}

function strictChunks(text: string): { text: string; rest: string } {
  let out = ''
  let at = 0
  for (;;) {
    const line = /^([0-9a-f]+)[ \t]*(?:;[^\r\n]*)?\r?\n/i.exec(text.slice(at, at + 400))
    if (line === null) return { text: out + text.slice(at), rest: '' }
    const size = Number.parseInt(line[1] ?? '', 16)
    at += line[0].length
    out += `${size.toString(16)}\r\n`
    if (size === 0) break
    out += text.slice(at, at + size)
    at += size
    const end = /^\r?\n/.exec(text.slice(at, at + 2))
    if (end === null) return { text: out + text.slice(at), rest: '' }
    out += '\r\n'
    at += end[0].length
  }
  const rest = text.slice(at)
  const none = /^\r?\n/.exec(rest)
  if (none !== null) return { text: `${out}\r\n`, rest: rest.slice(none[0].length) }
  const end = /\n\r?\n/.exec(rest)
  if (end === null) return { text: out + rest, rest: '' }
  return { text: `${out}${strictFields(rest.slice(0, end.index + 1))}\r\n`, rest: rest.slice(end.index + end[0].length) }
}
