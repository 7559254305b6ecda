import { parseRequestHead } from '../../../proxy/engine/http/wire/request-head-parser'
import { parseResponseHead, parseLooseResponseHead } from '../../../proxy/engine/http/wire/response-head-parser'
import { buildRequestHead, forwardedLines } from '../../../proxy/engine/http/request-head'
import { buildAnswerFields } from '../../../proxy/engine/http/answer-head'
import { compileHeaderRules } from '../../../proxy/engine/http/header-rules'
import { offeredProtocols, isOffered } from '../../../proxy/engine/http/upgrade'
import { readVisitor } from '../../../proxy/engine/http/visitor'
import { effectiveClient } from '../../../proxy/engine/access/client-address'
import { rangeSet } from '../../../proxy/engine/access/range-set'
import { parseRange, parseAddress } from '../../../proxy/contract/address'
import { headerValues } from '../../../proxy/engine/http/header-list'
import { readCookie } from '../../../proxy/engine/http/cookie'
import { hasComeBy, ViaNames } from '../../../proxy/engine/http/via'
import { passedTrailers } from '../../../proxy/engine/http/trailers'
import { buildErrorAnswer } from '../../../proxy/engine/http/error-answer'
import { parseAuthority } from '../../../proxy/engine/http/authority'
import { parseRequestPath } from '../../../proxy/engine/route/request-path'
import { backendTarget, stripFault } from '../../../proxy/engine/route/service-path'
import { glimpse } from '../../../proxy/engine/http/wire/glimpse'
import { shownRequest } from '../../../proxy/engine/measure/shown'
import { ChunkedDecoder } from '../../../proxy/engine/http/wire/chunked-decoder'
import { packings, prefersJson, takesPage } from '../../../proxy/engine/files/accepted'
import { byteRange } from '../../../proxy/engine/files/byte-range'
import { fileHead } from '../../../proxy/engine/files/file-answer'
import { hostedSegments } from '../../../proxy/engine/files/hosted-path'
import { readClientHello } from '../../../proxy/engine/stream/client-hello'
import { readProxyHeader } from '../../../proxy/engine/edge/proxy-header'
import { answerMysql } from '../../../proxy/outbound/mysql-greeting'
import { pageTitle } from '../../../proxy/host/doctor/ask'
import { parseAddressLines } from '../../../proxy/contract/parse-address-lines'
import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import { parsePublicAddress, slug } from '../../../proxy/contract/expose'
import { parseNetstat } from '../../../proxy/system/listening-ports'

const names = new ViaNames()
const everybody = rangeSet([parseRange('0.0.0.0/0'), parseRange('::/0')].filter((range) => range !== null))
const peer = { text: '10.0.0.1', address: parseAddress('10.0.0.1') }
const rules = compileHeaderRules({ set: { 'X-Own': 'own' }, remove: ['X-Gone'] })
const backend = { scheme: 'http', secure: false, host: 'app.lan', port: 80, basePath: '/base' } as const
const view = { backend, origin: 'http://wiki.lan', told: 'wiki.lan', strippedPath: '/wiki' }
const forwarding = {
  peer: peer.text,
  client: peer.text,
  proto: 'http',
  authority: 'wiki.lan',
  port: 80,
  ref: 'ref',
  prefix: '/wiki',
  via: '1.1 here',
} as const
const resources = {
  backendView: () => ({ names: new Set(['wiki.lan']), origin: 'http://app.lan', targetOf: ({ raw }: { raw: string }) => raw }),
}
const own = { name: 'own', formerly: [], kept: ['own'], others: ['other'] }

function takeRequest(text: string): void {
  const bytes = Buffer.from(text, 'latin1')
  const seen = glimpse(bytes, 0, bytes.length)
  shownRequest(seen)
  const head = parseRequestHead(bytes, 0, bytes.length)
  if (!head.ok) return
  const { fields } = head.lines
  const authority = parseAuthority(head.lines.host ?? '')
  effectiveClient(peer, headerValues(fields, 'x-forwarded-for'), everybody)
  offeredProtocols(head)
  isOffered(headerValues(fields, 'upgrade').join(), head)
  readCookie(head.lines, 'own')
  hasComeBy(head.lines, names, 'service')
  const path = parseRequestPath(head.target)
  const visitor = readVisitor(fields, { proto: 'http', authority }, everybody)
  const options = {
    rules,
    signedIn: true,
    ownCookies: own,
    host: 'app.lan',
    resources,
    path: path === null ? '*' : backendTarget(path, 1, '/base'),
  }
  if (path !== null) {
    stripFault(path, 1)
    hostedSegments(path.raw, false, true)
  }
  for (const known of [null, visitor]) {
    const told = { ...forwarding, visitor: known }
    buildRequestHead(head, { ...options, forwarding: told, lines: known === null ? forwardedLines(told, rules) : '' })
  }
  const accept = headerValues(fields, 'accept').join()
  packings(headerValues(fields, 'accept-encoding').join())
  takesPage(accept)
  prefersJson(accept)
  byteRange(100, headerValues(fields, 'range').join())
  buildErrorAnswer('AR_NO_SERVICE', 'ref', accept)
  const file = { name: 'a.html', size: 10, modified: new Date(0), version: '1', encoding: null, vary: [] }
  fileHead({ kind: 'file', ...file, handle: Object.create(null) }, 'GET', fields, 0)
  passedTrailers(fields, head.lines.connection, rules)
}

function takeAnswer(text: string): void {
  const bytes = Buffer.from(text, 'latin1')
  const head = parseResponseHead(bytes, 0, bytes.length) ?? parseLooseResponseHead(bytes, 0, bytes.length)
  if (head.ok) buildAnswerFields(head, rules, { publicView: () => view })
}

function takeChunks(sender: 'client' | 'backend', text: string): void {
  const bytes = Buffer.from(`0\r\n${text}\r\n\r\n`, 'latin1')
  new ChunkedDecoder(sender).push(bytes, 0, bytes.length)
}

type Run = (text: string) => void

function forBytes(read: (bytes: Buffer) => unknown): Run {
  return (text) => void read(Buffer.from(text, 'latin1'))
}

function forText(read: (text: string) => unknown): Run {
  return (text) => void read(text)
}

/** Everything that reads what strangers send, by what it reads. */
export const readers: Readonly<Record<string, (text: string) => void>> = {
  'a request': takeRequest,
  'an answer': takeAnswer,
  'the trailers of a request': (text) => takeChunks('client', text),
  'the trailers of an answer': (text) => takeChunks('backend', text),
  'the first bytes of a tcp connection': forBytes(readClientHello),
  'a TLS record': forBytes((bytes) => readClientHello(Buffer.concat([Buffer.from('160301400001003ffc0303', 'hex'), bytes]))),
  'a PROXY head': forBytes(readProxyHeader),
  'a greeting of MySQL': forBytes((bytes) => answerMysql(bytes, 0)),
  'a page': forText(pageTitle),
  'a list of addresses': forText(parseAddressLines),
  'an address': forText(parseRange),
  'a backend’s address': forText(parseBackendUrl),
  'a public address': forText(parsePublicAddress),
  'a name': forText(slug),
  'what netstat prints': forText((text) => parseNetstat(text, '', text)),
}
