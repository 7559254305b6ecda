import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lockdownTexts } from '../../../proxy/contract/lockdown-text'
import type { LockdownFacts, LockdownMethod } from '../../../proxy/contract/lockdown-text/facts'
import { freePort } from '../../support/free-port'
import { endAfterwards, has, LOCKABLE_SERVERS, part, raw } from '../../support/lockable-servers'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const HEADER = 'X-AstroRelay-Key'
const [OLD, NEW] = ['Zm9v-YmFy_0', '-c2Vjb25k_1']
const NOBODY = '192.0.2.1'
const linuxRoot = process.platform === 'linux' && process.getuid?.() === 0

function facts(method: LockdownMethod, port: number, change: Partial<LockdownFacts> = {}): LockdownFacts {
  return { method, gateway: ['127.0.0.1'], host: '127.0.0.1', port, header: HEADER, secrets: [OLD], ...change }
}

function textOf(id: string, given: LockdownFacts): string {
  const found = lockdownTexts(given).find((text) => text.id === id)
  if (!found) throw new Error(`no text for ${id}`)
  return found.text
}

function ask(port: number, secret?: string, place = '/'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: place, agent: false, headers: secret === undefined ? {} : { [HEADER]: secret } },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
describe.each(LOCKABLE_SERVERS)('$id', ({ id, start, here }) => {
  test.skipIf(!here)(`lets in who has the secret, whatever else the site opens (skipped where ${id} is not installed)`, async () => {
    const port = await freePort()
    await start(port, textOf(id, facts('secret', port)))
    expect([
      await ask(port),
      await ask(port, ''),
      await ask(port, 'wrong'),
      await ask(port, `${OLD}0`),
      await ask(port, OLD.toLowerCase()),
      await ask(port, NEW),
    ]).toEqual([403, 403, 403, 403, 403, 403])
    expect([await ask(port, undefined, '/open/'), await ask(port, undefined, '/moved')]).toEqual([403, 403])
    expect([await ask(port, OLD), await ask(port, OLD, '/open/')]).toEqual([200, 200])
  })

  test.skipIf(!here)(`takes both secrets while one is rotated (skipped where ${id} is not installed)`, async () => {
    const port = await freePort()
    await start(port, textOf(id, facts('secret', port, { secrets: [OLD, NEW] })))
    expect([
      await ask(port, OLD),
      await ask(port, NEW),
      await ask(port, 'wrong'),
      await ask(port),
      await ask(port, `${OLD}, ${NEW}`),
    ]).toEqual([200, 200, 403, 403, 403])
  })

  test.skipIf(!here).each([
    [['127.0.0.1'], 200],
    [['fd00::10', NOBODY, '127.0.0.1'], 200],
    [[NOBODY], 403],
    [[NOBODY, 'fd00::10'], 403],
    [[], 403],
  ])(`of gateway %j answers %i to 127.0.0.1 (skipped where ${id} is not installed)`, async (gateway, status) => {
    const port = await freePort()
    await start(port, textOf(id, facts('network', port, { gateway })))
    expect([await ask(port), await ask(port, undefined, '/open/')]).toEqual([status, status])
  })
})

describe.each(LOCKABLE_SERVERS.filter(({ id }) => id !== 'caddy'))(
  'PROXY protocol in $id (Debian has Caddy 2.6, which does not know it)',
  ({ id, start, here }) => {
    test.skipIf(!here)(
      `the gateway with a PROXY header is answered, without one nobody is (skipped where ${id} is not installed)`,
      async () => {
        const port = await freePort()
        await start(port, textOf(id, facts('proxy', port)))
        const answer = await raw(port, `PROXY TCP4 203.0.113.5 127.0.0.1 40000 ${port}\r\n${GET}`)
        expect(answer).toContain('HTTP/1.1 200')
        if (id === 'nginx') expect(answer).toContain('203.0.113.5')
        expect(await raw(port, GET)).not.toContain(' 200 ')
      },
    )

    test.skipIf(!here)(
      `a stranger is refused who claims the gateway's address in the header (skipped where ${id} is not installed)`,
      async () => {
        const port = await freePort()
        await start(port, textOf(id, facts('proxy', port, { gateway: [NOBODY] })))
        expect(await raw(port, `PROXY TCP4 ${NOBODY} 127.0.0.1 40000 ${port}\r\n${GET}`)).toContain('HTTP/1.1 403')
      },
    )
  },
)

test('the Express text lets in who has the secret', async () => {
  type Middleware = (asked: unknown, answer: unknown, next: () => void) => void
  const used: Middleware[] = []
  runInContext(
    textOf('express', facts('secret', 8080, { secrets: [OLD, NEW] })),
    createContext({ require: createRequire(import.meta.url), app: { use: (middleware: Middleware) => used.push(middleware) } }),
  )
  // Express's response is node's own with these two on top.
  const server = createServer((asked, answer) => {
    const status = (code: number) => ({ send: (text: string) => answer.writeHead(code).end(text) })
    used[0]?.(asked, Object.assign(answer, { status }), () => answer.end('in'))
  })
  onTestFinished(() => void server.close())
  const port = await freePort()
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  expect([
    await ask(port),
    await ask(port, ''),
    await ask(port, 'wrong'),
    await ask(port, OLD),
    await ask(port, NEW),
    await ask(port, 'Ã©'),
  ]).toEqual([403, 403, 403, 200, 200, 403])
})

test.skipIf(!has('python3'))('the Django text compiles and lets in who has the secret (skipped where python3 is not installed)', () => {
  const folder = tempDirectory()
  mkdirSync(path.join(folder, 'django'))
  writeFileSync(path.join(folder, 'django/http.py'), 'class HttpResponseForbidden:\n    def __init__(self, text): self.status_code = 403\n')
  writeFileSync(path.join(folder, 'astrorelay.py'), textOf('django', facts('secret', 8080, { secrets: [OLD, NEW] })))
  execFileSync('python3', ['-m', 'py_compile', 'astrorelay.py'], { cwd: folder })
  const asks = `from types import SimpleNamespace as N
from astrorelay import only_astrorelay
ask = lambda headers: only_astrorelay(lambda request: N(status_code=200))(N(headers=headers)).status_code
print([ask({})] + [ask({"${HEADER}": given}) for given in ["", "wrong", "\\xe9", "${OLD}", "${NEW}"]])`
  expect(execFileSync('python3', ['-c', asks], { cwd: folder, encoding: 'utf8' }).trim()).toBe('[403, 403, 403, 403, 200, 200]')
})

test.skipIf(!has('python3'))('the IIS text is well-formed XML (skipped where python3 is not installed)', () => {
  const given = textOf('iis', facts('secret', 8080, { secrets: [OLD, `--&<"'`] }))
  expect(
    execFileSync('python3', ['-c', 'import sys, xml.dom.minidom as m; print(len(m.parse(sys.stdin).getElementsByTagName("add")))'], {
      input: given,
      encoding: 'utf8',
    }).trim(),
  ).toBe('2')
})

const families = [[['192.0.2.7', '192.0.2.8', '2001:db8::7']], [['192.0.2.7']], [['2001:db8::7']], [[]]]
const docker = (given: LockdownFacts): string => part(textOf('docker', { ...given, host: 'backend' }), 2)

test.skipIf(!linuxRoot || !has('nft')).each(families)('nft takes the files for gateway %j (skipped without root or nft)', (gateway) => {
  const given = facts('network', 8080, { gateway })
  for (const text of [textOf('nftables', given), docker(given)]) {
    const file = path.join(tempDirectory(), 'rules.nft')
    writeFileSync(file, text)
    // A network of its own: the check asks the kernel, and must not depend on this machine's tables.
    expect(spawnSync('unshare', ['-n', 'nft', '-c', '-f', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  }
})

const [backend, visitors] = [`ldb${process.pid}`, `ldv${process.pid}`]
const networks = linuxRoot && has('curl') && spawnSync('ip', ['netns', 'list']).status === 0

const ip = (...args: string[]): unknown => execFileSync('ip', args)

/** A backend with port 8080 and two visitors, .2 the gateway and .3 a stranger: networks of this test's own (RFC 2544). */
async function makeNetworks(): Promise<void> {
  onTestFinished(() => [backend, visitors].forEach((name) => spawnSync('ip', ['netns', 'del', name])))
  for (const name of [backend, visitors]) {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  ip('-n', backend, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', visitors)
  for (const [name, last] of [
    [backend, 1],
    [visitors, 2],
    [visitors, 3],
  ] as const) {
    ip('-n', name, 'addr', 'add', `198.18.78.${last}/24`, 'dev', 'eth0')
    ip('-n', name, 'addr', 'add', `fd00:78::${last}/64`, 'dev', 'eth0', 'nodad')
    ip('-n', name, 'link', 'set', 'eth0', 'up')
  }
  const server = spawn('ip', [
    'netns',
    'exec',
    backend,
    process.execPath,
    '-e',
    "for (const port of [8080, 9090]) require('node:http').createServer((_, answer) => answer.end('in')).listen(port, () => console.log(port))",
  ])
  endAfterwards(server)
  let said = ''
  server.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until('the backend listens', () => said.includes('8080') && said.includes('9090'))
}

const reaches = (name: string, own: string, to: string): boolean =>
  spawnSync('ip', [
    'netns',
    'exec',
    name,
    'curl',
    '-s',
    '-g',
    '-o',
    '/dev/null',
    '--interface',
    own,
    '--connect-timeout',
    '1',
    `http://${to}:8080/`,
  ]).status === 0

/** Who of the four visitors, and the backend's own machine, gets an answer from port 8080. A dropped packet shows by time alone. */
function admitted(): readonly string[] {
  const outside = ['198.18.78.2', '198.18.78.3', 'fd00:78::2', 'fd00:78::3'].filter((own) =>
    reaches(visitors, own, own.includes(':') ? '[fd00:78::1]' : '198.18.78.1'),
  )
  return reaches(backend, '127.0.0.1', '127.0.0.1') ? [...outside, 'itself'] : outside
}

const inBackend = (script: string): unknown =>
  execFileSync('ip', ['netns', 'exec', backend, 'unshare', '-m', 'sh', '-ec', script], { stdio: 'pipe' })
const load = (text: string): unknown => execFileSync('ip', ['netns', 'exec', backend, 'nft', '-f', '-'], { input: text })
const both = facts('network', 8080, { gateway: ['198.18.78.2', 'fd00:78::2'] })
const GATEWAY = ['198.18.78.2', 'fd00:78::2', 'itself']

test.skipIf(!networks || !has('nft'))(
  'with the nftables text only the gateway and the machine itself get through, and loading it again replaces it (skipped without root, network namespaces, curl or nft)',
  async () => {
    await makeNetworks()
    expect(admitted()).toHaveLength(5)
    load(textOf('nftables', both))
    expect(admitted()).toEqual(GATEWAY)
    load(textOf('nftables', { ...both, gateway: ['198.18.78.3'] }))
    expect(admitted()).toEqual(['198.18.78.3', 'itself'])
  },
)

test.skipIf(!networks || !has('nft'))(
  "a port that is rewritten before the input rules, as Docker's are, is closed by the Docker text (skipped without root, network namespaces, curl or nft)",
  async () => {
    await makeNetworks()
    load(
      'table inet nat { chain prerouting { type nat hook prerouting priority -100; iifname "eth0" tcp dport 8080 redirect to :9090; }; }',
    )
    load(textOf('nftables', both))
    expect(admitted()).toHaveLength(5)
    load(docker(both))
    expect(admitted()).toEqual(GATEWAY)
  },
)

test.skipIf(!networks || !has('ufw'))(
  'with the ufw text only the gateway and the machine itself get through, though the port was open (skipped without root, network namespaces, curl or ufw)',
  async () => {
    await makeNetworks()
    const copy = tempDirectory()
    // ufw's files are copies that only this command sees, its rules are those of the test's own network.
    inBackend(`for place in etc lib; do cp -a /$place/ufw ${copy}/$place; mount --bind ${copy}/$place /$place/ufw; done
ufw allow 8080; ufw allow 8080/tcp; ufw allow 8000:9000/tcp
${textOf('ufw', both)}
ufw --force enable`)
    expect(admitted()).toEqual(GATEWAY)
  },
  60_000,
)
