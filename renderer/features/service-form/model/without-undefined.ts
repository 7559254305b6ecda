/** Without undefined keys: the document holds what was said, not what was left out. */
export function clean<T extends object>(value: T): T {
  for (const [key, item] of Object.entries(value)) if (item === undefined) Reflect.deleteProperty(value, key)
  return value
}

/** As `clean`, and not at all where nothing is left. */
export function filled<T extends object>(value: T): T | undefined {
  return Object.keys(clean(value)).length > 0 ? value : undefined
}
