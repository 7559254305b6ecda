import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRaw, readUntil } from '../../support/raw-client'
import { SELF_SIGNED } from '../../support/self-signed'
import { accepting, at, healths, named, readAll, serveTcp, tcp } from '../../support/tcp-gateway'
import { until } from '../../support/until'

async function tlsServer(host: string): Promise<{ id: string; url: string }> {
  const server = createTlsServer(SELF_SIGNED, (socket) => void socket.on('error', () => undefined).end(host))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { id: 'main', url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
async function visitTls(port: number, servername: string): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', servername, rejectUnauthorized: false })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.once('close', () => resolve(Buffer.concat(chunks).toString()))
  })
}

describe('TLS that is passed through', () => {
  test('several servers share a port by the name that clients ask for; a name of nobody is told so', async () => {
    const services = await Promise.all(
      ['a.test', 'b.test', 'c.b.test'].map(async (host) => ({
        id: host.replaceAll('.', '-'),
        type: 'tcp' as const,
        hosts: [host === 'c.b.test' ? '*.b.test' : host],
        backends: [await tlsServer(host)],
        health: { type: 'off' as const },
      })),
    )
    const { gateway, port } = await serveTcp(services)
    expect(await Promise.all(['a.test', 'b.test', 'c.b.test'].map((host) => visitTls(port, host)))).toEqual([
      'a.test',
      'b.test',
      'c.b.test',
    ])
    expect(await visitTls(port, 'nobody.test')).toMatch(/UNRECOGNIZED_NAME/)
    await until('the rows', async () => (await gateway.rows()).length === 4)
    expect((await gateway.rows()).find(({ host }) => host === 'nobody.test')).toMatchObject({ error: 'AR_NO_SERVICE', service: null })
  })

  test('a service without names gets whatever no name fits, and what is no TLS at all', async () => {
    const [any, plain] = [await tlsServer('any.test'), await named('plain')]
    const { port, reload } = await serveTcp([tcp([any], { id: 'any' }), tcp([await tlsServer('a.test')], { id: 'a', hosts: ['a.test'] })])
    expect(await Promise.all([visitTls(port, 'a.test'), visitTls(port, 'else.test')])).toEqual(['a.test', 'any.test'])
    await reload([tcp([{ id: 'plain', url: plain.url }], { id: 'any' }), tcp([any], { id: 'a', hosts: ['a.test'] })])
    expect(await readAll(await openRaw(port, 'no tls at all'))).toBe('plain')
  })
})

test('a TLS greeting is expected where one is asked for: TLS servers are up, a port that accepts or speaks plainly is down', async () => {
  const secure = createTlsServer(SELF_SIGNED)
  secure.on('tlsClientError', () => undefined)
  const [tls, silent, plain] = [
    await accepting(secure),
    await accepting(),
    await accepting(createServer((socket) => void socket.on('error', () => undefined).end('220 ready\r\n'))),
  ]
  const { gateway } = await serveTcp([
    tcp([at('tls', tls), at('silent', silent), at('plain', plain)], {
      health: { expect: 'tls', interval: '2s', timeout: '500ms', fall: 1 },
    }),
  ])
  await until('all to be known', async () => (await healths(gateway)).every(({ health }) => health !== 'checking'))
  expect(await healths(gateway)).toMatchObject([
    { health: 'up' },
    { health: 'down', reason: 'it accepts connections, but no TLS greeting came' },
    { health: 'down', reason: 'what answers is not TLS' },
  ])
})

test('who is told nothing of TLS gets nothing of it: where no service fits a plain client, it is just closed', async () => {
  const { port } = await serveTcp([tcp([at('pc', 1)], { hosts: ['a.test'] })])
  expect(await readUntil(await openRaw(port, 'SSH-2.0-plain\r\n'), () => false)).toBe('')
})
