let second = 0
let text = ''

/** The value of a `Date` field (RFC 9110 §6.6.1), made once a second. `now` in epoch ms. */
export function httpDate(now: number): string {
  const present = Math.floor(now / 1_000)
  if (present !== second) {
    second = present
    text = new Date(now).toUTCString()
  }
  return text
}
