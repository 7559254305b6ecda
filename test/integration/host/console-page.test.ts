import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

import { raw, startConsole } from '../../support/test-console'

describe('the page', () => {
  test('comes with a policy that lets nothing run but its own files', async () => {
    const { origin } = await startConsole()
    const page = await fetch(origin)
    expect(await page.text()).toBe('<title>AstroRelay</title>')
    const headers = Object.fromEntries(page.headers)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/)
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/)
    expect((await fetch(`${origin}/assets/app.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  test('no other answer may run or be framed either, errors too', async () => {
    const { origin, api } = await startConsole()
    for (const answer of [
      await fetch(`${origin}/nothing.js`),
      await fetch(`${origin}/api/v1/config`),
      await api('GET', '/nothing'),
      await api('GET', '/status'),
    ]) {
      expect([answer.url, Object.fromEntries(answer.headers)]).toEqual([
        answer.url,
        expect.objectContaining({
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'x-frame-options': 'DENY',
          'x-content-type-options': 'nosniff',
        }),
      ])
    }
  })

  test('stays that of the gateway that runs when a later build replaces its files', async () => {
    const { origin, rendererDirectory } = await startConsole()
    rmSync(path.join(rendererDirectory, 'assets'), { recursive: true })
    writeFileSync(path.join(rendererDirectory, 'index.html'), '<title>Newer</title>')
    expect(await (await fetch(origin)).text()).toBe('<title>AstroRelay</title>')
    expect(await (await fetch(`${origin}/assets/app.js`)).text()).toBe('run()')
  })

  test('gives none but its own files', async () => {
    const { origin } = await startConsole()
    for (const target of [
      '/../console-token.txt',
      '/..%2f..%2fetc/passwd.txt',
      '/assets/../../config.json',
      '/assets/%2e%2e/%2e%2e/config.json',
      '/assets/app.js%00.html',
      '/nothing.js',
      '//etc/hosts.txt',
      '/C:\\boot.ini',
    ]) {
      expect([target, (await raw(origin, target)).status]).toEqual([target, 404])
    }
    expect((await raw(origin, '/', {}, 'POST')).status).toBe(405)
    expect(await raw(origin, '/services/wiki')).toMatchObject({ status: 200, body: '<title>AstroRelay</title>' })
  })
})
