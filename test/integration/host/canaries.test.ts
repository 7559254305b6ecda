import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { configSchema, type ConfigDocument } from '../../../proxy/contract/config/document'
import { controlApi, type ControlCallName } from '../../../proxy/contract/control-api'
import { toHttpRequest } from '../../../proxy/contract/http-form'
import { mapSecrets } from '../../../proxy/contract/secrets'
import { buildOnce } from '../../support/build-once'
import { cli, serve, type Served } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { text } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

/** One word for all, within which each secret has a number of its own. */
const CANARY = 'Canary0f'
const salt = Buffer.from('salt of a canary').toString('base64')
const hash = (n: number): string => `scrypt$1024$1$1$${salt}$${CANARY}${String(n).padStart(35, '0')}=`

function documentWith(port: number, from = 0): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [
      {
        id: 'wiki',
        backends: [{ id: 'app', url: 'http://127.0.0.1:9' }],
        health: { type: 'off' },
        basicAuth: { users: [{ name: 'anna', hash: hash(from + 1) }] },
        headers: {
          request: { set: { Authorization: `Bearer ${CANARY}${from + 2}`, 'X-Api-Key': `${CANARY}${from + 3}` } },
          response: { set: { 'Set-Cookie': `a=${CANARY}${from + 4}` } },
        },
        lockdown: { secretHeader: { value: `${CANARY}-lock-down-${from + 5}`, next: `${CANARY}-lock-down-${from + 6}` } },
      },
    ],
  }
}

/** The keys that the schema marks as secrets: `services.basicAuth.users.hash`. */
function markedKeys(): string[] {
  const found: string[] = []
  const look = (schema: unknown, place: readonly string[]): void => {
    if (typeof schema !== 'object' || schema === null) return
    if ('secret' in schema) found.push(place.join('.'))
    if ('properties' in schema && typeof schema.properties === 'object' && schema.properties !== null)
      for (const [key, inner] of Object.entries(schema.properties)) look(inner, [...place, key])
    if ('items' in schema) look(schema.items, place)
    if ('anyOf' in schema && Array.isArray(schema.anyOf)) for (const inner of schema.anyOf) look(inner, place)
  }
  look(z.toJSONSchema(configSchema, { io: 'input', reused: 'inline', unrepresentable: 'any' }), [])
  return found.toSorted()
}

test('the document of these tests has a canary in every key that the schema marks as a secret', () => {
  const found = new Set<string>()
  mapSecrets(documentWith(1), (value, place) => {
    expect(String(value)).toContain(CANARY)
    const key = place.path.filter((step) => typeof step === 'string')
    found.add((key.includes('set') ? key.slice(0, -1) : key).join('.'))
    return value
  })
  expect([...found].toSorted()).toEqual(markedKeys())
  expect(found.size).toBeGreaterThan(4)
})

async function run(): Promise<{ gateway: Served; port: number; data: string; heard: () => string }> {
  const data = tempDirectory()
  const port = await freePort()
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(documentWith(port)))
  const gateway = await serve(data)
  let heard = ''
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const events = await fetch(`${gateway.origin}/api/v1/events`, {
    signal: abort.signal,
    headers: { authorization: `Bearer ${readFileSync(path.join(data, 'console-token'), 'utf8').trim()}` },
  })
  void (async () => {
    for await (const chunk of events.body ?? []) heard += Buffer.from(chunk).toString('utf8')
  })().catch(() => undefined)
  return { gateway, port, data, heard: () => heard }
}

test('no call, command, event, log line or message tells a secret', async () => {
  const { gateway, port, data, heard } = await run()
  const told: string[] = []
  const call = async (method: string, target: string, body?: unknown): Promise<Response> => {
    const answer = await gateway.api(method, target, body)
    told.push(`${method} ${target}: ${await answer.clone().text()}`)
    return answer
  }
  // Changes of every secret, by hand, by a call, and ones that are refused for what stands beside them.
  const shown = (await (await call('GET', '/config')).json()) as ConfigDocument
  expect((await call('PUT', '/config', documentWith(port, 10))).status).toBe(200)
  expect((await call('PUT', '/config', { ...shown, settings: { closed: 'perhaps' } })).status).toBe(400)
  for (const bad of [`${CANARY}\nbroken`, 7, null, { in: CANARY }, [CANARY]])
    for (const document of brokenBy(documentWith(port), bad)) {
      expect((await call('PUT', '/config', document)).status).toBe(400)
      await call('POST', '/config/check', document)
    }
  const refused = await fetch(`${gateway.origin}/api/v1/config`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${readFileSync(path.join(data, 'console-token'), 'utf8').trim()}` },
    body: `{"hash": ${CANARY}}`,
  })
  told.push(await refused.text())
  writeFileSync(path.join(data, 'config.json'), `{"version": 1, "services": [{"hash": ${CANARY}}]}`)
  await until('the notice', () => heard().includes('was not taken'))
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(brokenBy(documentWith(port), `${CANARY}\nbroken`)[0]))
  await until('the second notice', () => heard().split('was not taken').length > 2)
  writeFileSync(path.join(data, 'config.json'), JSON.stringify(documentWith(port, 20)))
  await until('the change', () => heard().includes('"by":"file"'))
  await text(`http://127.0.0.1:${port}/`)
  // Every call that only asks, whatever it is called.
  const revisions = (await (await call('GET', '/history')).json()) as { revision: string }[]
  expect(revisions.length).toBeGreaterThan(2)
  for (const name of Object.keys(controlApi).filter((key): key is ControlCallName => Object.hasOwn(controlApi, key))) {
    if (controlApi[name].http.method !== 'GET') continue
    for (const { revision } of name === 'history.get' ? revisions : [{ revision: '' }]) {
      const { target } = toHttpRequest(name, { id: 'wiki', ...(revision === '' ? {} : { revision }) })
      await call('GET', target.replace('/api/v1', ''))
    }
  }
  const file = path.join(tempDirectory(), 'export.json')
  for (const args of [
    ['export'],
    ['export', file],
    ['status'],
    ['status', '--json'],
    ['verify', 'wiki'],
    ['check', path.join(data, 'config.json')],
  ]) {
    const { out, err } = await cli(...args, ...(args[0] === 'check' ? [] : ['--data', data]))
    told.push(`${args.join(' ')}: ${out}${err}`)
  }
  told.push(readFileSync(file, 'utf8'), gateway.out(), gateway.err(), heard())
  expect(told.filter((each) => each.includes(CANARY))).toEqual([])
  // What lies in the data directory beside the store and its history tells none either.
  for (const name of readdirSync(data))
    if (/^(?:health|lockdown|console)/.test(name)) expect(readFileSync(path.join(data, name), 'utf8')).not.toContain(CANARY)
})

test('an export with secrets has to be asked for, and can be taken in elsewhere', async () => {
  const { gateway, data } = await run()
  const { out } = await cli('export', '--with-secrets', '--data', data)
  expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(path.join(data, 'config.json'), 'utf8')))
  const exported = await cli('export', '--data', data)
  expect(await (await gateway.api('POST', '/config/check', JSON.parse(exported.out))).json()).toMatchObject({ issues: [] })
  const other = await serve(tempDirectory())
  const file = path.join(tempDirectory(), 'masked.json')
  writeFileSync(file, exported.out)
  const refused = await cli('import', file, '--data', other.data)
  expect([refused.code, refused.out + refused.err]).toEqual([
    1,
    expect.stringContaining('services[0].basicAuth.users[0].hash: this is the mask of a secret, which AstroRelay does not know'),
  ])
})

/** The document with each of its secrets, one at a time, replaced by what is none. */
function brokenBy(document: ConfigDocument, bad: unknown): unknown[] {
  const places: string[] = []
  mapSecrets(document, (value, { names }) => {
    places.push(JSON.stringify(names))
    return value
  })
  return places.map((at) => mapSecrets(document, (value, { names }) => (JSON.stringify(names) === at ? bad : value)))
}
