import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { startEngineProcess } from '../../support/engine-process'
import { freePort } from '../../support/free-port'
import { SELF_SIGNED } from '../../support/self-signed'
import { tempDirectory } from '../../support/temp-directory'

const BUNDLE = path.resolve(import.meta.dirname, '../../../out/engine.js')
beforeAll(buildOnce, 90_000)

test('a backend known by its address proves itself by the name that its entry says, and by no other', async () => {
  const server = createServer(SELF_SIGNED, (_, response) => void response.end('ok'))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  // An engine that trusts whoever signed the certificate, which is for backend.test.
  const authority = path.join(tempDirectory(), 'ca.pem')
  writeFileSync(authority, SELF_SIGNED.cert)
  const { client, stop } = startEngineProcess(BUNDLE, { environment: { NODE_EXTRA_CA_CERTS: authority } })
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await stop()
  })
  const port = await freePort()
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const answers: unknown[] = []
  for (const tls of [{}, { serverName: 'backend.test' }, { serverName: 'another.test' }, { serverName: 'backend.test' }]) {
    const services = [{ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url, tls }] }]
    const document = { version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port }], services }
    expect(await client.call('load', { revision: '1', document })).toMatchObject({ ok: true })
    const { status } = await ask(port)
    const [row] = await client.call('requests', { limit: 1 })
    answers.push([status, row?.reason ?? null])
  }
  const refused = [502, expect.stringContaining('main: the certificate is not trusted')]
  expect(answers).toEqual([refused, [200, null], refused, [200, null]])
})
