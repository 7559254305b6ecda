import type { HeaderRules } from './header-rules'

/** Trailers must not frame, route or identify a message after the fact (RFC 9110 §6.5.1). */
const OF_REQUESTS =
  /^(host|transfer-encoding|content-.*|trailer|connection|authorization|cookie|expect|te|upgrade|keep-alive|proxy.*|x[-_]forwarded[-_].*|x[-_]real[-_]ip|forwarded)$/i
const OF_ANSWERS =
  /^(transfer-encoding|content-length|host|trailer|connection|keep-alive|upgrade|set-cookie|location|content-encoding|content-type|content-range|server|via|x-powered-by)$/i

/** The trailers of a request that a backend gets (name, value, …); what the service takes out of heads goes here, too. */
export function requestTrailers(list: readonly string[], rules: HeaderRules | null): readonly string[] {
  const left = without(list, OF_REQUESTS)
  return rules === null || left.length === 0
    ? left
    : left.filter((_, index) => !rules.dropped.has((left[index - (index % 2)] ?? '').toLowerCase()))
}

/** The trailers of an answer that a client gets. */
export function answerTrailers(list: readonly string[]): readonly string[] {
  return without(list, OF_ANSWERS)
}

function without(list: readonly string[], names: RegExp): readonly string[] {
  if (list.length === 0) return list
  return list.filter((_, index) => !names.test(list[index - (index % 2)] ?? ''))
}
