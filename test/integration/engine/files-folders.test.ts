import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { hostFolder } from '../../support/hosted-folder'

const accept = (type: string) => ({ headers: { accept: type } })

/** The names that a list shows, in its order. */
const names = (html: string): string[] =>
  [...html.matchAll(/<td><a href="([^"]*)"/g)].map(([, href = '']) => decodeURIComponent(href).replace(/^\.\//, ''))

describe('a folder’s list', () => {
  test('is not shown unless it is switched on', async () => {
    const { port } = await hostFolder({ 'sub/a.txt': 'x' })
    for (const type of ['text/html', 'application/json']) expect((await ask(port, '/sub/', accept(type))).status).toBe(404)
  })

  test('names folders first, then files as people count', async () => {
    const { port } = await hostFolder({ 'b.txt': '', 'a10.txt': '', 'a9.txt': '', 'Z.txt': '', 'y/x': '', 'x/x': '' }, { listing: true })
    const answer = await ask(port, '/')
    expect(names(answer.text)).toEqual(['x/', 'y/', 'a9.txt', 'a10.txt', 'b.txt', 'Z.txt'])
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      vary: 'Accept',
    })
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.text).toContain('<title>Manuals</title>')
    expect(answer.text).not.toContain('Up one level')
  })

  test('leads on: each of its links is found, and one goes up', async () => {
    const special = ['a b', 'ä', '100%', 'a#b', 'a?b', 'a&b', 'a"b', "a'b", 'a<b', 'a;b', 'a+b', 'a:b', 'http:', '%41', '~', 'a=b']
    const { port } = await hostFolder(
      Object.fromEntries(
        special.flatMap((name) => [
          [`sub/${name}`, name],
          [`sub/folder ${name}/x`, ''],
        ]),
      ),
      { listing: true, path: '/docs' },
    )
    const { text } = await ask(port, '/docs/sub/')
    const links = [...text.matchAll(/<td><a href="([^"]*)"/g)].map(([, href = '']) => href)
    expect(links).toHaveLength(2 * special.length)
    for (const link of links) {
      const url = new URL(link, 'http://a/docs/sub/')
      expect(url.origin).toBe('http://a')
      expect((await ask(port, url.pathname + url.search)).status).toBe(200)
    }
    expect(text).toContain('href="../"')
    expect(text).toContain('<title>/docs/sub/</title>')
  })

  test('shows names as text, whatever they are', async () => {
    const evil = ['<img src=x onerror=alert(1)>.txt', 'javascript:alert(1)', '"', "'", '"><script>alert(1)<!--', '&lt;b&gt;', '{{x}}']
    const { port } = await hostFolder(Object.fromEntries([...evil.map((name) => [name.replaceAll('/', ''), '']), ['<u>/<img>/x', '']]), {
      listing: true,
    })
    for (const target of ['/', '/%3Cu%3E/', '/?sort="><script>&order=<x>']) {
      const { text } = await ask(port, target.replaceAll('"', '%22').replaceAll('<', '%3C').replaceAll('>', '%3E'))
      expect(text).not.toMatch(/<img|<script|<u>|<b>|href="javascript|onerror=alert\(1\)>\.txt"/)
    }
    const { text } = await ask(port, '/')
    expect(text).toContain('&#60;img src=x onerror=alert(1)&#62;.txt')
    expect(text).toContain('href="./javascript%3Aalert(1)"')
    expect(text).toContain('&#38;lt;b&#38;gt;')
  })

  test('is sorted as one asks, and says how', async () => {
    const { port, root } = await hostFolder({ 'a.txt': 'xxx', 'b.txt': 'x', 'c.txt': 'xx', 'd/x': '' }, { listing: true })
    for (const [name, day] of [
      ['a.txt', 2],
      ['b.txt', 3],
      ['c.txt', 1],
    ] as const)
      utimesSync(path.join(root, name), day * 86_400, day * 86_400)
    const order = async (query: string): Promise<string> => names((await ask(port, `/${query}`)).text).join(' ')
    expect(await order('?sort=name&order=up')).toBe('d/ a.txt b.txt c.txt')
    expect(await order('?sort=name&order=down')).toBe('d/ c.txt b.txt a.txt')
    expect(await order('?sort=size&order=up')).toBe('d/ b.txt c.txt a.txt')
    expect(await order('?sort=size&order=down')).toBe('d/ a.txt c.txt b.txt')
    expect(await order('?sort=modified&order=up')).toBe('d/ c.txt a.txt b.txt')
    expect(await order('?sort=modified&order=down')).toBe('d/ b.txt a.txt c.txt')
    expect(await order('?sort=nonsense&order=nonsense')).toBe('d/ a.txt b.txt c.txt')
    const { text } = await ask(port, '/?sort=size&order=down')
    expect(text.match(/aria-sort="[a-z]+"/g)).toEqual(['aria-sort="descending"'])
    expect(text).toMatch(/aria-sort="descending"><a href="\?sort=size&amp;order=up"/)
  })

  test('is JSON for programs', async () => {
    const { port } = await hostFolder({ 'a.txt': 'xxx', '"q".txt': '', 'd/x': '' }, { listing: true })
    for (const type of ['application/json', 'application/json, text/plain, */*', 'Application/JSON;q=0.9']) {
      const answer = await ask(port, '/', accept(type))
      expect([answer.status, answer.headers['content-type'], answer.headers.vary]).toEqual([
        200,
        'application/json; charset=utf-8',
        'Accept',
      ])
      expect(JSON.parse(answer.text)).toEqual([
        { name: 'd', type: 'folder', modified: expect.stringMatching(/Z$/) },
        { name: '"q".txt', type: 'file', size: 0, modified: expect.stringMatching(/Z$/) },
        { name: 'a.txt', type: 'file', size: 3, modified: expect.stringMatching(/Z$/) },
      ])
    }
    for (const type of ['text/html, application/json;q=0.5', '*/*', 'text/html'])
      expect((await ask(port, '/', accept(type))).headers['content-type']).toBe('text/html; charset=utf-8')
    expect((await ask(port, '/', accept('text/html;q=0.5, application/json'))).headers['content-type']).toBe(
      'application/json; charset=utf-8',
    )
  })

  test('leaves out what cannot be opened: dot files, links that lead out, pipes, names that no address has', async () => {
    const { port, root } = await hostFolder(
      { 'a.txt': '', '.hidden': '', '.git/config': '', 'back\\slash': '', 'line\nbreak': '' },
      { listing: true },
    )
    symlinkSync('../..', path.join(root, 'out'))
    symlinkSync('/etc/passwd', path.join(root, 'passwd'))
    symlinkSync('nowhere', path.join(root, 'dangling'))
    symlinkSync('loop', path.join(root, 'loop'))
    symlinkSync('a.txt', path.join(root, 'inside'))
    expect(spawnSync('mkfifo', [path.join(root, 'pipe')]).status).toBe(0)
    expect(names((await ask(port, '/')).text)).toEqual(['a.txt', 'inside'])
  })

  test('names dot files where they are hosted', async () => {
    const { port } = await hostFolder({ '.hidden': '', 'a.txt': '' }, { listing: true, dotFiles: true })
    expect(names((await ask(port, '/')).text)).toEqual(['.hidden', 'a.txt'])
  })

  test('of nothing says so, and the index goes before it', async () => {
    const { port, root } = await hostFolder({ 'a/index.html': 'page' }, { listing: true })
    mkdirSync(path.join(root, 'empty'))
    expect((await ask(port, '/empty/')).text).toContain('This folder is empty.')
    expect((await ask(port, '/a/')).text).toBe('page')
  })

  test('takes files with times that no calendar has', async () => {
    const { port, root } = await hostFolder({ 'a.txt': '' }, { listing: true })
    for (const seconds of [-1, 0, 253_402_300_800, 9_000_000_000_000]) {
      utimesSync(path.join(root, 'a.txt'), seconds, seconds)
      expect((await ask(port, '/')).status).toBe(200)
      expect((await ask(port, '/a.txt')).status).toBe(200)
    }
  })

  test('of thousands of files comes whole, and says where it ends', async () => {
    const { port, root } = await hostFolder({ 'few/a.txt': '' }, { listing: true })
    mkdirSync(path.join(root, 'many'))
    for (let index = 0; index < 10_005; index++) writeFileSync(path.join(root, 'many', `${index}.txt`), '')
    const { text } = await ask(port, '/many/')
    expect(names(text)).toHaveLength(10_000)
    expect(text).toContain('Only 10,000 of 10,005 entries are shown.')
    expect((await ask(port, '/few/')).text).not.toContain('are shown')
  })
})

describe('a single-page application', () => {
  const files = { 'index.html': 'app', 'assets/app.js': 'js', 'docs/readme.txt': 'x' }
  test('answers pages that it makes itself, with 200', async () => {
    const { port } = await hostFolder(files, { fallback: 'index.html' })
    for (const target of ['/', '/settings', '/users/7', '/users/7/', '/docs/', '/a%20b']) {
      const answer = await ask(port, target, accept('text/html,application/xhtml+xml,*/*;q=0.8'))
      expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, 'app', 'text/html; charset=utf-8'])
    }
  })

  test('does not answer for missing scripts, hidden names, or whoever wants no page', async () => {
    const { port } = await hostFolder(files, { fallback: 'index.html' })
    for (const target of ['/missing.js', '/assets/gone.css', '/users/photo.png', '/.env', '/.git/config'])
      expect((await ask(port, target, accept('text/html'))).status).toBe(404)
    for (const type of ['application/json', 'image/*', 'text/css', 'text/html;q=0'])
      expect((await ask(port, '/settings', accept(type))).status).toBe(404)
    expect((await ask(port, '/settings', { method: 'POST' })).status).toBe(405)
  })

  test('tells caches that its pages depend on what is accepted', async () => {
    const { port } = await hostFolder(files, { fallback: 'index.html' })
    expect((await ask(port, '/settings', accept('text/html'))).headers.vary).toBe('Accept')
    expect((await ask(port, '/', accept('text/html'))).headers.vary).toBeUndefined()
  })

  test('whose page is missing answers 404', async () => {
    const { port } = await hostFolder({ 'a.txt': '' }, { fallback: 'app/shell.html' })
    expect((await ask(port, '/settings', accept('text/html'))).status).toBe(404)
  })

  test('may have its page in a folder, compressed', async () => {
    const { port } = await hostFolder({ 'app/shell.html': 'shell', 'app/shell.html.gz': gzipSync('shell') }, { fallback: 'app/shell.html' })
    const answer = await ask(port, '/settings', { headers: { accept: '*/*', 'accept-encoding': 'gzip' } })
    expect([answer.status, answer.headers['content-encoding'], answer.headers.vary]).toEqual([200, 'gzip', 'Accept-Encoding, Accept'])
  })
})

describe('names that begin with a dot', () => {
  const files = { '.env': 'secret', '.git/config': 'secret', 'a/.ssh/id': 'secret', '.well-known/security.txt': 'secret', 'index.html': '' }
  test.each(['/.env', '/%2eenv', '/%2Eenv', '/.git/config', '/.git/', '/.git', '/a/.ssh/id', '/a/%2Essh/id', '/.well-known/security.txt'])(
    'are not there: %s',
    async (target) => {
      const { port } = await hostFolder(files, { listing: true })
      const answer = await ask(port, target)
      expect([answer.status, answer.text.includes('secret')]).toEqual([404, false])
    },
  )

  test('are there where the service hosts them, but never the way up', async () => {
    const { port } = await hostFolder(files, { dotFiles: true })
    expect((await ask(port, '/.env')).text).toBe('secret')
    expect((await ask(port, '/a/.ssh/id')).text).toBe('secret')
    for (const target of ['/..', '/../', '/.', '/./', '/%2e%2e/', '/a/..']) expect([400, 404]).toContain((await ask(port, target)).status)
  })
})
