import { describe, expect, it } from 'vitest'
import { fromHttpAnswer, type HttpAnswer, toHttpRequest } from '../../../proxy/contract/http-form'

const answer = (text: string, rest: Partial<HttpAnswer> = {}): HttpAnswer => ({ status: 200, etag: null, text, ...rest })

describe('a call over HTTP', () => {
  it('sends a document as the whole body, its revision as If-Match, and the rest as query', () => {
    const request = toHttpRequest('config.put', { document: { version: 1 }, baseRevision: '7', by: 'window', summary: 'Added wiki' })
    expect(request).toEqual({
      target: '/api/v1/config?by=window&summary=Added%20wiki',
      method: 'PUT',
      headers: { 'if-match': '"7"', 'content-type': 'application/json' },
      body: '{"version":1}',
    })
  })

  it('puts parameters that the path names there, escaped', () => {
    expect(toHttpRequest('traffic.series', { id: 'a/b', minutes: 15 })).toMatchObject({
      target: '/api/v1/services/a%2Fb/traffic?minutes=15',
      method: 'GET',
      body: null,
    })
  })

  it('sends the parameters of a POST as JSON', () => {
    expect(toHttpRequest('port.test', { port: 8_081 })).toMatchObject({ target: '/api/v1/ports/test', body: '{"port":8081}' })
  })

  it('leaves out what was not given', () => {
    expect(toHttpRequest('requests', { service: 'wiki', status: undefined })).toMatchObject({ target: '/api/v1/requests?service=wiki' })
    expect(toHttpRequest('config.put', { document: {}, baseRevision: undefined }).headers).toEqual({ 'content-type': 'application/json' })
  })

  it('reads a document with its ETag, a weak one too', () => {
    expect(fromHttpAnswer('config.get', answer('{"version":1}', { etag: '"12"' }))).toEqual({ document: { version: 1 }, revision: '12' })
    expect(fromHttpAnswer('config.put', answer('{"revision":"13"}', { etag: 'W/"13"' }))).toEqual({ revision: '13' })
  })

  it('reads text as it is', () => {
    expect(fromHttpAnswer('metrics', answer('up 1\n'))).toBe('up 1\n')
  })

  it('turns the bare list of issues into a refusal that has them', () => {
    const refused = answer('[{"path":"services[0].name","message":"give it a name"}]', { status: 400 })
    expect(() => fromHttpAnswer('config.put', refused)).toThrow(
      expect.objectContaining({ code: 'AR_INVALID', issues: [{ path: 'services[0].name', message: 'give it a name' }] }),
    )
  })

  it('turns an error answer into the refusal it stands for', () => {
    const refused = answer('{"error":{"code":"AR_CONFLICT","message":"Someone else saved a change.","revision":"9"}}', { status: 409 })
    expect(() => fromHttpAnswer('config.put', refused)).toThrow(
      expect.objectContaining({ code: 'AR_CONFLICT', message: 'Someone else saved a change.', revision: '9' }),
    )
  })

  it('says what little is known of an answer that is no JSON', () => {
    expect(() => fromHttpAnswer('status', answer('<html>', { status: 502 }))).toThrow(
      expect.objectContaining({ code: 'AR_INTERNAL', message: 'AstroRelay answered 502.' }),
    )
  })
})
