import http from 'node:http'
import { describe, expect, test } from 'vitest'
import { documentWith } from '../../support/fake-engine'
import { readUntil } from '../../support/read-until'

import { startConsole } from '../../support/test-console'

describe('the automation API', () => {
  test('gives the document with its revision as ETag, and takes it back on that condition', async () => {
    const { api } = await startConsole()
    const got = await api('GET', '/config')
    expect([got.headers.get('etag'), await got.json()]).toEqual(['"1"', documentWith()])
    const put = await api('PUT', '/config?by=script', documentWith({ wiki: 3000 }), { 'if-match': '"1"' })
    expect([put.status, put.headers.get('etag'), await put.json()]).toEqual([200, '"2"', { revision: '2', ended: 0, notes: [] }])
    const bare = await api('PUT', '/config', documentWith({ wiki: 3001 }), { 'if-match': '2' })
    expect(bare.status).toBe(200)
    const stale = await api('PUT', '/config', documentWith(), { 'if-match': '"1"' })
    expect([stale.status, await stale.json()]).toEqual([
      409,
      { error: { code: 'AR_CONFLICT', message: 'Someone else saved a change since this one was begun.', revision: '3' } },
    ])
    expect(((await (await api('GET', '/history')).json()) as { by: string }[]).map(({ by }) => by)).toEqual(['API', 'script', 'file'])
  })

  test('answers a document that is not valid with the bare list of what is wrong', async () => {
    const { api } = await startConsole()
    const put = await api('PUT', '/config', { version: 1, listeners: [{ id: 'web', port: 0 }], colour: 1 })
    expect(put.status).toBe(400)
    expect(await put.json()).toEqual([
      { path: 'listeners[0].port', message: 'choose a port from 1 to 65535' },
      { path: 'colour', message: expect.stringMatching(/^unknown key/) as string },
    ])
    const text = await api('PUT', '/config', '{"version":')
    expect([text.status, await text.json()]).toEqual([
      400,
      [{ path: '', message: expect.stringMatching(/^the body is not JSON/) as string }],
    ])
    const nothing = await api('PUT', '/config')
    expect(nothing.status).toBe(400)
    expect((await api('POST', '/config/check', { version: 1 }).then((answer) => answer.json())) as unknown).toEqual({
      issues: [],
      notes: [],
    })
  })

  test('has paths with parameters, queries, text, and says which methods there are', async () => {
    const { api } = await startConsole()
    expect((await api('GET', '/history/1').then((answer) => answer.json())) as unknown).toEqual(documentWith())
    expect((await api('GET', '/history/99')).status).toBe(404)
    expect((await api('GET', '/history/%E0%A4%A')).status).toBe(404)
    expect((await api('POST', '/history/1/restore')).status).toBe(200)
    expect((await api('GET', '/requests?limit=5')).status).toBe(200)
    expect((await api('GET', '/requests?limit=0')).status).toBe(400)
    const metrics = await api('GET', '/metrics')
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await metrics.text()).toContain('# TYPE astrorelay_engine_up gauge\nastrorelay_engine_up 1\n')
    const wrong = await api('DELETE', '/config')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT'])
    for (const [method, target, allow] of [
      ['GET', '/session', 'POST'],
      ['GET', '/session/link', 'POST'],
      ['POST', '/events', 'GET'],
    ] as const) {
      const answer = await api(method, target)
      expect([target, answer.status, answer.headers.get('allow')]).toEqual([target, 405, allow])
    }
    expect((await api('GET', '/constructor')).status).toBe(404)
  })

  test('takes a large document and cuts off a flood', async () => {
    const { api, origin, token } = await startConsole()
    const large = documentWith(Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`s${at}`, 3_000 + at])))
    expect((await api('PUT', '/config', large)).status).toBe(200)
    const status = await new Promise<number>((resolve, reject) => {
      const request = http.request(
        `${origin}/api/v1/config`,
        { method: 'PUT', headers: { authorization: `Bearer ${token}` } },
        (response) => resolve(response.statusCode ?? 0),
      )
      request.on('error', reject)
      const block = Buffer.alloc(1024 * 1024, 32)
      for (let n = 0; n < 34; n++) request.write(block)
      request.end()
    })
    expect(status).toBe(413)
  })

  test('tells what happens as server-sent events', async () => {
    const { api } = await startConsole()
    const stream = await api('GET', '/events')
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await api('PUT', '/config', documentWith({ wiki: 3000 }))
    const text = await readUntil(stream, /event: config[^]*\n\n/)
    expect(text).toMatch(/event: config\ndata: \{"revision":"2","at":\d+,"by":"API","ended":0\}\n\n/)
  })
})
