/** The gateway's addresses by family: most tools want them apart. */
export interface Families {
  readonly v4: readonly string[]
  readonly v6: readonly string[]
}

export function families(addresses: readonly string[]): Families {
  return { v4: addresses.filter((address) => !address.includes(':')), v6: addresses.filter((address) => address.includes(':')) }
}

/** Each value once: nginx and nft complain of, or refuse, the same entry twice. */
export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}

/** A regular expression that matches exactly this text. */
export function exactly(value: string): string {
  return `^${value.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)}$`
}

/** A string of JavaScript, Python, YAML, Caddy and nginx: they share JSON's double quotes and escapes. */
export function doubleQuoted(value: string): string {
  return JSON.stringify(value)
}

/** A string inside an Apache expression, which itself stands in a double-quoted argument. */
export function apacheQuoted(value: string): string {
  return `'${value.replace(/[\\'"]/g, String.raw`\$&`)}'`
}

/** A PowerShell string in which nothing is expanded. */
export function powerShellQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

export function xmlEscaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Lines of a text; null leaves a line out. */
export function lines(...parts: readonly (string | null | readonly string[])[]): string {
  return `${parts
    .flat()
    .filter((part) => part !== null)
    .join('\n')}\n`
}
