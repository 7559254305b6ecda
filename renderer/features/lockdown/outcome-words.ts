const STATUS: Readonly<Record<string, string>> = {
  200: '200 OK',
  400: '400 Refused',
  401: '401 Refused',
  403: '403 Refused',
  404: '404 Refused',
  421: '421 Refused',
}

/** `answered 403` is `403 Refused`; anything else begins with a large letter. */
export function outcomeWords(outcome: string): string {
  const status = /^answered (\d{3})$/.exec(outcome)?.[1]
  if (status !== undefined) return STATUS[status] ?? `Answered ${status}`
  return `${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`
}
