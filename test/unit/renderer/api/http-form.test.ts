import { describe, expect, it } from 'vitest'
import { readHttpAnswer, toHttpRequest } from '../../../../renderer/api/http-form'

describe('a call over HTTP', () => {
  it('sends a document as the whole body, its revision as If-Match, and the rest as query', () => {
    const request = toHttpRequest('config.put', { document: { version: 1 }, baseRevision: '7', by: 'window', summary: 'Added wiki' })
    expect(request).toEqual({ url: '/api/v1/config?by=window&summary=Added+wiki', method: 'PUT', headers: { 'If-Match': '"7"', 'Content-Type': 'application/json' }, body: '{"version":1}' })
  })

  it('puts parameters that the path names there, escaped', () => {
    expect(toHttpRequest('traffic.series', { id: 'a/b', minutes: 15 })).toMatchObject({ url: '/api/v1/services/a%2Fb/traffic?minutes=15', method: 'GET', body: null })
  })

  it('sends the parameters of a POST as JSON', () => {
    expect(toHttpRequest('port.test', { port: 8_081 })).toMatchObject({ url: '/api/v1/ports/test', body: '{"port":8081}' })
  })

  it('reads a document with its ETag', async () => {
    const answer = new Response('{"version":1}', { headers: { etag: '"12"' } })
    expect(await readHttpAnswer('config.get', answer)).toEqual({ document: { version: 1 }, revision: '12' })
  })

  it('turns the bare list of issues into a refusal that has them', async () => {
    const answer = new Response('[{"path":"services[0].name","message":"give it a name"}]', { status: 400 })
    await expect(readHttpAnswer('config.put', answer)).rejects.toMatchObject({ code: 'AR_INVALID', issues: [{ path: 'services[0].name', message: 'give it a name' }] })
  })

  it('turns an error answer into the refusal it stands for', async () => {
    const answer = new Response('{"error":{"code":"AR_CONFLICT","message":"Someone else saved a change.","revision":"9"}}', { status: 409 })
    await expect(readHttpAnswer('config.put', answer)).rejects.toMatchObject({ code: 'AR_CONFLICT', message: 'Someone else saved a change.', revision: '9' })
  })

  it('says what little is known of an answer that is no JSON', async () => {
    await expect(readHttpAnswer('status', new Response('<html>', { status: 502 }))).rejects.toMatchObject({ code: 'AR_INTERNAL', message: 'AstroRelay answered 502.' })
  })
})
