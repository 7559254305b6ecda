import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProxyServer } from 'http-proxy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, type Gateway } from '../../support/gateway'
import { sendRaw } from '../../support/raw-client'
import { scriptedBackend } from '../../support/scripted-backend'
import { EXCHANGES } from './reference-exchanges'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

/** Told by every proxy in its own way, and by ours always: they have tests of their own. */
const OUR_OWN = /^(date|connection|keep-alive|transfer-encoding|cache-control|x-request-id|forwarded|x-real-ip|x-forwarded-.*|via)$/

interface Message {
  readonly line: string
  readonly fields: readonly string[]
  readonly body: string
}

test.each(EXCHANGES)('$name: as through http-proxy, or with a reason', async ({ request, answer, backendDiffers, clientDiffers }) => {
  const ours = await through(request, answer, async (url) => {
    await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url }] })
    return { port: gateway.port, stop: () => undefined }
  })
  const reference = await through(request, answer, startReference)
  if (backendDiffers === undefined) expect(ours.backend).toEqual(reference.backend)
  else expect(ours.backend, `no longer differs: ${backendDiffers}`).not.toEqual(reference.backend)
  if (clientDiffers === undefined) expect(ours.client).toEqual(reference.client)
  else expect(ours.client, `no longer differs: ${clientDiffers}`).not.toEqual(reference.client)
})

async function through(
  request: string,
  answer: string,
  start: (url: string) => Promise<{ port: number; stop: () => void }>,
): Promise<{ backend: Message[]; client: Message }> {
  const backend = await scriptedBackend((socket) => void socket.end(Buffer.from(answer, 'latin1')))
  const { port, stop } = await start(backend.url)
  // http-proxy leaves its client waiting where an answer is cut short.
  const patience = setTimeout(stop, 1_000)
  const { text } = await sendRaw(port, Buffer.from(request, 'latin1'))
  clearTimeout(patience)
  stop()
  const client = parse(text)
  // An error page is each proxy's own.
  return {
    backend: backend.got.slice(0, 1).map(parse),
    client: client.line.startsWith('HTTP/1.1 502') ? { line: '502', fields: [], body: '' } : client,
  }
}

async function startReference(url: string): Promise<{ port: number; stop: () => void }> {
  const proxy = createProxyServer({ target: url })
  const server = createServer((request, response) => {
    proxy.web(request, response, {}, () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502, { Connection: 'close' }).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.closeAllConnections()
      server.close()
      proxy.close()
    },
  }
}

/** A message without what is a matter of taste: the order and the case of names, and how a whole body is framed. */
function parse(text: string): Message {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const fields = lines
    .map((field) => field.replace(/^[^:]*/, (name) => name.toLowerCase()))
    .filter((field) => !OUR_OWN.test(field.split(':')[0] ?? ''))
  const body = rest.join('\r\n\r\n')
  return { line: line.trim(), fields: fields.toSorted(), body: /^transfer-encoding: chunked/im.test(head) ? dechunk(body) : body }
}

function dechunk(wire: string): string {
  let body = ''
  for (let rest = wire; rest !== '';) {
    const [, size = '', after = ''] = /^([0-9a-f]+)\r\n(.*)$/is.exec(rest) ?? []
    const length = Number.parseInt(size, 16)
    if (Number.isNaN(length)) return `${body} (broken off)`
    if (length === 0) return `${body}${after === '\r\n' ? '' : ` (trailers: ${after.trim()})`}`
    body += after.slice(0, length)
    rest = after.slice(length + 2)
    if (rest === '') return `${body} (broken off)`
  }
  return `${body} (broken off)`
}
