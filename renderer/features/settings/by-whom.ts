/** Who saved it, as a person would say it. */
export function byWhom(by: string): string {
  return { window: 'in the window', 'command line': 'on the command line', file: 'in the file', API: 'through the API' }[by] ?? `by ${by}`
}
