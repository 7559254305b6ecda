import { isDropped, type HeaderRules } from './header-rules'
import { isNamed } from './hop-by-hop'
import { fieldKind, FieldKind, variableOf } from './wire/field-kind'

/**
 * Fields that decide how a message is routed, tried, authenticated or read, which nobody may decide after the fact (RFC 9110
 * §6.5.1; the list is that of RFC 7230 §4.1.2). Digests, ETag, Server-Timing and an application's own fields may come so.
 */
const EARLY =
  /^(?:content-(?:encoding|language|range|disposition)|if-.*|range|max-forwards|cache-control|pragma|age|expires|retry-after|vary|warning|www-authenticate|proxy-.*|cookie2|set-cookie2)$/

/**
 * The trailers (name, value, …) of a request or an answer that go on, by the same rules as its head's fields: none that the
 * gateway has to know by name (`FieldKind`), in whatever spelling a program takes for it; none that `connection`, the head's
 * own, names; none that the service takes out or sets.
 */
export function passedTrailers(
  list: readonly string[],
  connection: ReadonlySet<string> | null,
  rules: HeaderRules | null,
): readonly string[] {
  if (list.length === 0) return list
  return list.filter((_, index) => passes(list[index - (index % 2)] ?? '', connection, rules))
}

function passes(name: string, connection: ReadonlySet<string> | null, rules: HeaderRules | null): boolean {
  const plain = variableOf(name)
  if (fieldKind(plain) !== FieldKind.other || EARLY.test(plain)) return false
  return (connection === null || !isNamed(connection, name)) && (rules === null || !isDropped(rules, name))
}

/** What ends a chunked body (RFC 9112 §7.1.2). */
export function lastChunk(trailers: readonly string[]): string {
  let text = '0\r\n'
  for (let index = 0; index + 1 < trailers.length; index += 2) text += `${trailers[index]}: ${trailers[index + 1]}\r\n`
  return `${text}\r\n`
}
