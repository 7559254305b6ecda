import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { CallError } from '../../../../proxy/contract/failure'
import { createHttpClient } from '../../../../renderer/api/http-client'

afterEach(() => void vi.unstubAllGlobals())

/** A client of a host that gives this answer to every call. Events are asked for, too, and refused. */
async function clientOf(body: string, declared = body.length) {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/events') === true) return response.writeHead(401).end()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': declared, etag: '"1"' })
    response.write(body)
    return declared === body.length ? response.end() : response.socket?.end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const real = globalThis.fetch
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('fetch', (target: string, init: RequestInit) => real(`${origin}${target}`, init))
  return createHttpClient('key')
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (result) => result,
    (error: unknown) => error,
  )
}

test.each([
  ['of another shape', '{"found": "everything"}'],
  ['that is no JSON', '<h1>Sign in to the hotel</h1>'],
  ['that is empty', ''],
])('an answer %s is a failed call like any other, in words', async (_what, body) => {
  const error = await failureOf((await clientOf(body)).call('discovery.scan', {}))
  expect(error).toBeInstanceOf(CallError)
  expect(error).toMatchObject({
    code: 'AR_INTERNAL',
    message: expect.stringMatching(/^The answer to “discovery\.scan” could not be understood.*reload the page/),
  })
})

test('an answer that breaks off is one, too', async () => {
  const error = await failureOf((await clientOf('{"found": [', 100)).call('discovery.scan', {}))
  expect(error).toBeInstanceOf(CallError)
  expect(error).toMatchObject({ code: 'AR_ENGINE', message: 'AstroRelay broke off while it answered. It may have been stopped.' })
})
