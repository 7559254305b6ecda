/** What the gateway has to know of a field by its name; everything else is passed on unread. */
export const FieldKind = {
  other: 0,
  host: 1,
  connection: 2,
  contentLength: 3,
  transferEncoding: 4,
  expect: 5,
  upgrade: 6,
  /** Holds for one connection only (RFC 9110 §7.6.1, RFC 2616 §13.5.1). */
  hop: 7,
  /**
   * Claims who the client or its user is, or what it asked for, as only a proxy may say. Backends that believe `X-Original-URL`
   * answer another path than the one whose rules were checked (CVE-2018-14773); those that believe `Remote-User` let anybody in
   * who writes it.
   */
  identity: 8,
  /** Becomes a CGI's HTTP_PROXY (CVE-2016-5385). */
  proxy: 9,
  /** Tells what runs behind the gateway, or (`Alt-Svc`) leads past it. */
  hidden: 10,
  /** Holds a URL or a path of the backend's own. */
  location: 11,
  link: 12,
  refresh: 13,
  setCookie: 14,
  contentType: 15,
  date: 16,
  accept: 17,
  keepAlive: 18,
  authorization: 19,
  cookie: 20,
  /** Names another resource of the same server by its URL (WebDAV, RFC 4918 §10). */
  resource: 21,
} as const

const NAMES: Readonly<Record<string, number>> = {
  host: FieldKind.host,
  connection: FieldKind.connection,
  'content-length': FieldKind.contentLength,
  'transfer-encoding': FieldKind.transferEncoding,
  expect: FieldKind.expect,
  upgrade: FieldKind.upgrade,
  'keep-alive': FieldKind.keepAlive,
  'proxy-connection': FieldKind.hop,
  'proxy-authenticate': FieldKind.hop,
  'proxy-authorization': FieldKind.hop,
  te: FieldKind.hop,
  trailer: FieldKind.hop,
  'http2-settings': FieldKind.hop,
  'x-real-ip': FieldKind.identity,
  forwarded: FieldKind.identity,
  'x-forwarded': FieldKind.identity,
  'client-ip': FieldKind.identity,
  'x-cluster-client-ip': FieldKind.identity,
  'x-original-url': FieldKind.identity,
  'x-original-uri': FieldKind.identity,
  'x-original-host': FieldKind.identity,
  'x-original-forwarded-for': FieldKind.identity,
  'x-rewrite-url': FieldKind.identity,
  'cf-connecting-ip': FieldKind.identity,
  'true-client-ip': FieldKind.identity,
  'x-client-ip': FieldKind.identity,
  'x-request-id': FieldKind.identity,
  proxy: FieldKind.proxy,
  server: FieldKind.hidden,
  'x-powered-by': FieldKind.hidden,
  'x-aspnet-version': FieldKind.hidden,
  'x-aspnetmvc-version': FieldKind.hidden,
  via: FieldKind.hidden,
  'cdn-loop': FieldKind.hidden,
  'alt-svc': FieldKind.hidden,
  location: FieldKind.location,
  'content-location': FieldKind.location,
  link: FieldKind.link,
  refresh: FieldKind.refresh,
  'set-cookie': FieldKind.setCookie,
  'content-type': FieldKind.contentType,
  date: FieldKind.date,
  accept: FieldKind.accept,
  authorization: FieldKind.authorization,
  cookie: FieldKind.cookie,
  destination: FieldKind.resource,
  if: FieldKind.resource,
}

/**
 * What fields begin with by which proxies say who the client or its user is: of the proxies in front at all; of Authelia and web
 * servers (`Remote-User`), oauth2-proxy, authentik, Kubernetes, Grafana's `auth.proxy`, Cloudflare Access, Tailscale, Google's
 * IAP, load balancers of AWS, App Service, Pomerium and Vouch; and what is told of a client's certificate.
 */
const OF_PROXIES = [
  'x-forwarded-',
  'remote-',
  'x-remote-',
  'x-auth-request-',
  'x-authentik-',
  'x-webauth-',
  'cf-access-',
  'tailscale-user-',
  'tailscale-headers-',
  'x-goog-authenticated-user-',
  'x-goog-iap-',
  'x-amzn-oidc-',
  'x-ms-client-principal',
  'x-ms-token-',
  'x-pomerium-',
  'x-vouch-',
  'x-ssl-client-',
  'client-cert',
  'ssl-client-',
  'x-client-cert',
]
const DASH = 0x2d
/** By their first and third letter, which nearly every other name has not. */
const BEGINNINGS: (readonly string[] | undefined)[] = Array.from({ length: 1_024 }, () => undefined)
for (const text of OF_PROXIES) {
  const slot = beginningOf(text)
  BEGINNINGS[slot] = [...(BEGINNINGS[slot] ?? []), text]
}

const LONGEST = Math.max(...Object.keys(NAMES).map((name) => name.length))

/** A known field in the spelling that most programs use, `Content-Type`. */
export interface KnownField {
  readonly name: string
  readonly lower: string
  readonly kind: number
}

/** The known names by length and first letter, so that nearly every other name is told apart without being lower-cased. */
const BUCKETS: (readonly KnownField[] | undefined)[] = Array.from({ length: (LONGEST + 1) * 32 }, () => undefined)
for (const [lower, kind] of Object.entries(NAMES)) {
  const slot = slotOf(lower.length, lower.charCodeAt(0))
  BUCKETS[slot] = [...(BUCKETS[slot] ?? []), { name: usualSpelling(lower), lower, kind }]
}

function usualSpelling(lower: string): string {
  return lower.replace(/^(?:te$|cf\b|http2\b)|\b(?:ip|id)\b|\b[a-z]/g, (part) => part.toUpperCase())
}

function slotOf(length: number, first: number): number {
  return length * 32 + (first & 31)
}

/** The known field that `text` names from `start` to `end` in its usual spelling: the common case, for which nothing is made. */
export function usualField(text: string, start: number, end: number): KnownField | null {
  const length = end - start
  if (length > LONGEST) return null
  const bucket = BUCKETS[slotOf(length, text.charCodeAt(start))]
  if (bucket === undefined) return null
  for (const field of bucket) if (text.startsWith(field.name, start)) return field
  return null
}

/**
 * A name in the one spelling that programs tell fields apart by which read them as variables: in small letters, every other
 * sign as a dash. CGI and its heirs read `X_Real_IP` as `X-Real-IP` (RFC 3875 §4.1.18), lighttpd `X.Real.IP`, too.
 */
export function variableOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-')
}

/** The kind of a field by its name; where it claims who the client is, by any spelling that a backend takes for it (`variableOf`). */
export function fieldKind(name: string): number {
  const { length } = name
  const first = name.charCodeAt(0) | 0x20
  if (isOfProxies(name)) return FieldKind.identity
  if (length > LONGEST) return FieldKind.other
  const bucket = BUCKETS[slotOf(length, first)]
  if (bucket === undefined) return FieldKind.other
  const lower = name.toLowerCase()
  for (const field of bucket) if (field.lower === lower) return field.kind
  if (!/[^a-z0-9-]/.test(lower)) return FieldKind.other
  return NAMES[variableOf(lower)] === FieldKind.identity ? FieldKind.identity : FieldKind.other
}

function beginningOf(name: string): number {
  const third = name.charCodeAt(2)
  return slotOf(name.charCodeAt(0) & 31, isLetterOrDigit(third) ? third : 0)
}

/** Whether a name begins as those do by which proxies say who somebody is, in any spelling that a backend takes for it. */
function isOfProxies(name: string): boolean {
  const some = BEGINNINGS[beginningOf(name)]
  if (some === undefined) return false
  for (const text of some) if (beginsAs(name, text)) return true
  return false
}

/** As `variableOf` would have it, without making a text of each name. */
function beginsAs(name: string, text: string): boolean {
  if (name.length < text.length) return false
  for (let at = 0; at < text.length; at++) {
    const wanted = text.charCodeAt(at)
    const code = name.charCodeAt(at)
    if (wanted === DASH ? isLetterOrDigit(code) : (code | 0x20) !== wanted) return false
  }
  return true
}

function isLetterOrDigit(code: number): boolean {
  const lower = code | 0x20
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a)
}
