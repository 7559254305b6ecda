/** Header fields as they stood on the wire: name, value, name, value, …; order, case and repetitions kept. */
export type HeaderList = readonly string[]

/** Calls `visit` for each field, its name also in small letters. */
export function eachHeader(list: HeaderList, visit: (lower: string, name: string, value: string) => void): void {
  for (let index = 0; index + 1 < list.length; index += 2) {
    const name = list[index] ?? ''
    visit(name.toLowerCase(), name, list[index + 1] ?? '')
  }
}

/** Every value of a field; `name` in small letters. */
export function headerValues(list: HeaderList, name: string): string[] {
  const values: string[] = []
  eachHeader(list, (lower, _, value) => void (lower === name && values.push(value)))
  return values
}

/** A field's only or first value. */
export function headerValue(list: HeaderList, name: string): string | undefined {
  return headerValues(list, name)[0]
}
