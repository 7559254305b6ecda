import { parseBackendUrl } from '../../../../proxy/contract/backend-url'

/** Host and port of a backend. */
export function placeOf(url: string): string {
  const parsed = parseBackendUrl(url)
  if (typeof parsed === 'string') return url === '' ? 'a backend' : url
  return `${parsed.host.includes(':') ? `[${parsed.host}]` : parsed.host}:${parsed.port}`
}

export function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

export function sentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map(capital)
    .join('. ')
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
