import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../support/free-port'
import { openRaw, readUntil } from '../../support/raw-client'
import { accepting, at, type Backends, healths, serveTcp, tcp } from '../../support/tcp-gateway'
import { until } from '../../support/until'

const run = promisify(execFile)
const SSHD = '/usr/sbin/sshd'
const missing = (...programs: readonly string[]): string[] => programs.filter((program) => !existsSync(program))
const noSsh = missing(SSHD, '/usr/bin/ssh', '/usr/bin/scp', '/usr/bin/ssh-keygen')
const noRedis = missing('/usr/bin/redis-server', '/usr/bin/redis-cli')
const unless = (programs: readonly string[]): string => (programs.length > 0 ? ` (skipped: no ${programs.join(', ')})` : '')

const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex')
const accepts = (port: number): Promise<boolean> =>
  openRaw(port).then(
    (socket) => socket.destroy() && true,
    () => false,
  )

/** Starts a program that listens on a port; ended with the test, or before. */
async function listening(program: string, args: readonly string[], port: number): Promise<{ end(): Promise<void> }> {
  const child = spawn(program, args, { stdio: 'ignore' })
  const end = (): Promise<void> => ended(child)
  onTestFinished(end)
  await until(`${program} to listen`, () => accepts(port))
  return { end }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe.skipIf(noSsh.length > 0)(`OpenSSH${unless(noSsh)}`, () => {
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-ssh-'))
    // Debian's sshd wants its empty folder before it gives up its rights; as another user it has none to give up.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    for (const name of ['host', 'user']) await run('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)])
    writeFileSync(path.join(folder, 'authorized'), readFileSync(path.join(folder, 'user.pub')), { mode: 0o600 })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** An sshd of our own, which tells its sessions what it is called. */
  async function sshd(name: string, port: number): Promise<{ end(): Promise<void> }> {
    const file = path.join(folder, `${name}-${port}`)
    writeFileSync(
      file,
      `ListenAddress 127.0.0.1\nPort ${port}\nHostKey ${folder}/host\nAuthorizedKeysFile ${folder}/authorized\nPidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nUseDNS no\nSubsystem sftp internal-sftp\nSetEnv SERVER=${name}\n`,
    )
    return listening(SSHD, ['-D', '-e', '-f', file], port)
  }
  const options = (): string[] => [
    '-F',
    'none',
    '-i',
    path.join(folder, 'user'),
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'BatchMode=yes',
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
    '-o',
    'ConnectTimeout=10',
  ]
  const ssh = async (port: number, command: string, ...more: string[]): Promise<string> =>
    (await run('/usr/bin/ssh', [...options(), ...more, '-p', String(port), '127.0.0.1', command])).stdout.trim()

  test('a command runs, a file of 50 MB is copied there and back intact, and an address that is not let in gets nowhere', async () => {
    const own = await freePort()
    await sshd('only', own)
    const { gateway, port } = await serveTcp([
      tcp([at('pc', own)], { access: { rules: [{ action: 'allow', from: '127.0.0.1' }], default: 'deny' } }),
    ])
    expect(await ssh(port, 'echo $((6 * 7)) on $SERVER')).toBe('42 on only')
    const bytes = randomBytes(50 * 1024 * 1024)
    const [here, there, back] = ['here', 'there', 'back'].map((name) => path.join(folder, name))
    writeFileSync(here ?? '', bytes)
    const scp = (from: string, to: string) => run('/usr/bin/scp', [...options(), '-P', String(port), from, to])
    await scp(here ?? '', `127.0.0.1:${there}`)
    await scp(`127.0.0.1:${there}`, back ?? '')
    expect([there, back].map((file) => digest(readFileSync(file ?? '')))).toEqual([digest(bytes), digest(bytes)])
    // Ports are had again and again: whom another test run has mistaken for its own backend does not get as far as a session.
    const sessions = async () => (await gateway.rows()).filter(({ bytesIn, bytesOut }) => bytesIn > 1_000 && bytesOut > 1_000)
    await until('the sessions to be over', async () => (await sessions()).length === 3, 30_000)
    expect(await sessions()).toMatchObject(
      Array.from({ length: 3 }, () => ({ error: null, reason: null, client: '127.0.0.1', backend: 'pc', attempts: 1 })),
    )
    await expect(ssh(port, 'true', '-b', '127.0.0.2')).rejects.toMatchObject({ code: 255 })
    await until('the refusal', async () => (await gateway.rows()).some(({ client }) => client === '127.0.0.2'))
    expect((await gateway.rows()).filter(({ client }) => client === '127.0.0.2')).toMatchObject([
      { error: 'AR_REFUSED', endedBy: 'gateway', backend: null },
    ])
    expect((await gateway.status()).services[0]?.traffic.refused).toBe(1)
  }, 60_000)

  test('the primary killed, the next session is on the backup; once it is back, so are new sessions', async () => {
    const [a, b] = [await freePort(), await freePort()]
    const primary = await sshd('primary', a)
    await sshd('backup', b)
    const health = { expect: 'ssh', interval: '1s', timeout: '1s', fall: 1, rise: 1 } as const
    const { gateway, port } = await serveTcp([tcp([at('a', a), at('b', b, { role: 'backup' })], { health })])
    expect(await ssh(port, 'echo $SERVER')).toBe('primary')
    await primary.end()
    expect(await ssh(port, 'echo $SERVER')).toBe('backup')
    await until('the primary to be down', async () => (await healths(gateway))[0]?.health === 'down')
    expect((await gateway.status()).services[0]).toMatchObject({ state: 'attention', onBackup: true })
    await sshd('primary', a)
    await until('the primary to be up', async () => (await healths(gateway))[0]?.health === 'up')
    expect(await ssh(port, 'echo $SERVER')).toBe('primary')
  })

  test('a drain keeps the session that runs; the next one is elsewhere', async () => {
    const [a, b] = [await freePort(), await freePort()]
    await sshd('first', a)
    await sshd('second', b)
    const list = (state: 'active' | 'draining'): Backends => [at('a', a, { state }), at('b', b, { role: 'backup' })]
    const { gateway, port, reload } = await serveTcp([tcp(list('active'))])
    const session = spawn('/usr/bin/ssh', [...options(), '-p', String(port), '127.0.0.1', 'cat; echo $SERVER'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    onTestFinished(() => ended(session))
    session.stdin.write('one\n')
    expect(String((await once(session.stdout, 'data'))[0])).toBe('one\n')
    await reload([tcp(list('draining'))])
    expect(await ssh(port, 'echo $SERVER')).toBe('second')
    session.stdin.write('two\n')
    expect(String((await once(session.stdout, 'data'))[0])).toBe('two\n')
    expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ state: 'draining', inFlight: 1 })
    session.stdin.end()
    expect(String((await once(session.stdout, 'data'))[0])).toBe('first\n')
    expect(await once(session, 'exit')).toEqual([0, null])
    await until('nothing to be left of it', async () => (await gateway.status()).services[0]?.backends[0]?.inFlight === 0)
  })

  test('a port that only accepts, and one that speaks something else, are not taken for it', async () => {
    const own = await freePort()
    await sshd('only', own)
    const silent = await accepting()
    const web = await accepting(createServer((socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    const { gateway } = await serveTcp([
      tcp([at('ssh', own), at('silent', silent), at('web', web)], { health: { expect: 'ssh', interval: '2s', timeout: '500ms', fall: 1 } }),
    ])
    await until('all to be known', async () => (await healths(gateway)).every(({ health }) => health !== 'checking'))
    expect(await healths(gateway)).toMatchObject([
      { health: 'up' },
      { health: 'down', reason: expect.stringContaining('no SSH greeting came') },
      { health: 'down', reason: expect.stringContaining('SSH') },
    ])
  })
})

describe.skipIf(noRedis.length > 0)(`Redis${unless(noRedis)}`, () => {
  test('its own client reads what it wrote, half a million bytes and a hundred commands at once too, and the rules hold', async () => {
    const own = await freePort()
    await listening(
      '/usr/bin/redis-server',
      ['--bind', '127.0.0.1', '--port', String(own), '--save', '', '--appendonly', 'no', '--dir', os.tmpdir(), '--daemonize', 'no'],
      own,
    )
    const { gateway, port } = await serveTcp([
      tcp([at('redis', own)], { access: { rules: [{ action: 'deny', from: '127.0.0.2' }], default: 'allow' } }),
    ])
    const redis = async (...command: string[]): Promise<string> =>
      (await run('/usr/bin/redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...command], { maxBuffer: 1 << 21 })).stdout.trim()
    expect([await redis('SET', 'greeting', 'hello'), await redis('GET', 'greeting')]).toEqual(['OK', 'hello'])
    await redis('SETRANGE', 'big', '499999', 'x')
    expect(await redis('STRLEN', 'big')).toBe('500000')
    const pipelined = await openRaw(port, 'INCR n\r\n'.repeat(100))
    expect(await readUntil(pipelined, (text) => text.endsWith(':100\r\n'))).toBe(
      Array.from({ length: 100 }, (_, n) => `:${n + 1}\r\n`).join(''),
    )
    pipelined.destroy()
    expect(await readUntil(await openRaw(port, 'GET greeting\r\n', '127.0.0.1', '127.0.0.2'), () => false)).toBe('')
    expect((await gateway.status()).services[0]?.traffic.refused).toBe(1)
  })
})
