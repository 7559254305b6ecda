/** Who saved it, as a person would say it. */
export function byWhom(by: string): string {
  return { window: 'In the window', 'command line': 'On the command line', file: 'In the file', API: 'Through the API' }[by] ?? `By ${by}`
}
