/** How a file may lie there compressed beforehand. */
export type Packing = 'br' | 'zstd' | 'gzip'

interface Choice {
  readonly name: string
  readonly quality: number
}

/** Which packings a client takes, the one it likes best first; of those it likes alike the smaller one (RFC 9110 §12.5.3). */
export function packings(field: string): Packing[] {
  const given = choices(field)
  const named = (...names: string[]): number | undefined => given.find(({ name }) => names.includes(name))?.quality
  const any = named('*') ?? 0
  const plain = named('identity') ?? 0
  const wishes = [
    { packing: 'br', quality: named('br') ?? any },
    { packing: 'zstd', quality: named('zstd') ?? any },
    { packing: 'gzip', quality: named('gzip', 'x-gzip') ?? any },
  ] as const
  return wishes
    .filter(({ quality }) => quality > 0 && quality >= plain)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ packing }) => packing)
}

/** Whether a client takes a web page; the most specific range counts (RFC 9110 §12.5.1). */
export function takesPage(field: string): boolean {
  const given = choices(field)
  const best = ['text/html', 'text/*', '*/*']
    .map((name) => given.find((choice) => choice.name === name))
    .find((choice) => choice !== undefined)
  return given.length === 0 || (best?.quality ?? 0) > 0
}

/** Whether a client asks for JSON by name, and not rather for a web page. */
export function prefersJson(field: string): boolean {
  const given = choices(field)
  const json = given.find(({ name }) => name === 'application/json')
  const page = given.find(({ name }) => name === 'text/html')
  if (json === undefined || json.quality === 0) return false
  return page === undefined || json.quality > page.quality || (json.quality === page.quality && given.indexOf(json) < given.indexOf(page))
}

/** The members of a field that says what is accepted, with their qualities (RFC 9110 §12.4.2), in small letters. */
function choices(field: string): Choice[] {
  return field
    .toLowerCase()
    .split(',')
    .flatMap((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim())
      const quality = parameters.map((parameter) => /^q=(\d(?:\.\d*)?)$/.exec(parameter)?.[1]).find((text) => text !== undefined)
      return name === '' ? [] : [{ name, quality: quality === undefined ? 1 : Number(quality) }]
    })
}
