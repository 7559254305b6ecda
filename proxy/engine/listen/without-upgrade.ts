import type { IncomingMessage } from 'node:http'
import { eachHeader } from '../http/header-list'

/** The head of a request as bytes, without its offer to speak another protocol. */
export function withoutUpgrade(request: IncomingMessage): Buffer {
  let head = `${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/${request.httpVersion}\r\n`
  eachHeader(request.rawHeaders, (lower, name, value) => {
    if (lower === 'upgrade' || lower === 'http2-settings') return
    const kept = lower === 'connection' ? value.split(',').filter((part) => !/^\s*(upgrade|http2-settings)\s*$/i.test(part)).join(',') : value
    if (lower !== 'connection' || kept.trim() !== '') head += `${name}: ${kept}\r\n`
  })
  return Buffer.from(`${head}\r\n`, 'latin1')
}
