import { appendFileSync, cpSync, mkdtempSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../../proxy/system/process-birth'
import { buildOnce } from '../../support/build-once'
import { cli, serve, serveBuilt } from '../../support/cli'
import { engineOf } from '../../support/left-engine'
import { backend, prepared, statusOf, text, tryText } from '../../support/prepared'
import { openRaw, readUntil } from '../../support/raw-client'
import { slowBackend, wholeAnswer } from '../../support/slow-backend'
import { steadyLoad } from '../../support/steady-load'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

async function engineStateOf(gateway: Awaited<ReturnType<typeof serve>>) {
  return (await statusOf(gateway)).engine
}

describe('a wanted restart', () => {
  test('under load loses nothing: the next engine listens before the last one lets go', async () => {
    const { data, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const { pid } = await engineStateOf(gateway)
    const load = steadyLoad(port)
    for (let n = 0; n < 3; n++) {
      await load.served(200)
      expect((await gateway.api('POST', '/engine/restart')).status).toBe(200)
    }
    await load.served(200)
    expect(await load.end()).toEqual([])
    const state = await engineStateOf(gateway)
    expect(state).toMatchObject({ state: 'running', restarts: 0 })
    expect(state.pid).not.toBe(pid)
  })

  test('lets what runs on the last engine end, by the rules of now', async () => {
    const { url, finish, asked } = await slowBackend()
    const { data, origin } = await prepared(url)
    const gateway = await serve(data)
    const last = engineOf(data)
    const [finished, ended] = [text(origin), tryText(origin)]
    await until('the requests', () => asked() === 2)
    await gateway.api('POST', '/engine/restart')
    expect(last !== null && isAlive(last)).toBe(true)
    finish()
    expect(await finished).toBe('first, last')
    expect(await ended).toBe('first, last')
    await until('the end of the last engine', () => last === null || !isAlive(last))
  })

  test('loses no request that follows an answer begun before it on the same connection', async () => {
    const { url, finish, asked } = await slowBackend()
    const { data, port } = await prepared(url)
    const gateway = await serve(data)
    const request = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'
    const client = await openRaw(port, request)
    onTestFinished(() => void client.destroy())
    await readUntil(client, (came) => came.includes('first, '))
    await gateway.api('POST', '/engine/restart')
    finish()
    await readUntil(client, (came) => came.endsWith('0\r\n\r\n'))
    const next = readUntil(client, (came) => came.endsWith('0\r\n\r\n'))
    client.write(request)
    await until('the next request', () => asked() === 2)
    finish()
    // The last one on this connection, and its client is told so.
    expect(await next).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*first, [^]*last/i)
  })

  test('while something runs on the last engine, closing everything ends that too', async () => {
    const { url, asked } = await slowBackend()
    const { data, origin } = await prepared(url)
    const gateway = await serve(data)
    const answer = wholeAnswer(origin)
    await until('the request', () => asked() === 1)
    await gateway.api('POST', '/engine/restart')
    expect((await cli('close', '--data', data)).out).toContain('1 open connections were ended')
    expect(await answer).toBeNull()
  })

  test('and an update of the program hands over without a loss', async () => {
    const { data, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const { pid } = await engineStateOf(gateway)
    const load = steadyLoad(port)
    await load.served(100)
    const newer = path.join(mkdtempSync(path.join(data, 'newer-')), 'out')
    const root = path.resolve(import.meta.dirname, '../../..')
    cpSync(path.join(root, 'package.json'), path.join(newer, '../package.json'))
    cpSync(path.join(root, 'out'), newer, { recursive: true, filter: (file) => !file.includes('types') })
    appendFileSync(path.join(newer, 'engine.js'), '\n// another build\n')
    const next = await serveBuilt(path.join(newer, 'cli.js'), data, '--replace')
    expect(await gateway.ended).toBe(0)
    await until('the newer engine', async () => ((await engineStateOf(next)).pid ?? pid) !== pid)
    await load.served(200)
    expect(await load.end()).toEqual([])
  })
})
