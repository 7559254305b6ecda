import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { unitText } from '../../../proxy/cli/systemd-unit'
import { buildOnce } from '../../support/build-once'
import { cli, serveWith } from '../../support/cli'
import { prepared } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

/** Whether a program of systemd is here. */
function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'])
    return true
  } catch {
    return false
  }
}

/** Prints what comes to a socket of datagrams, which Node has none of, line by line. */
const HEAR = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True: print(s.recv(4096).decode(), flush=True)
`

test.runIf(has('systemd-notify') && has('python3'))(
  'systemd is told that the gateway is ready, and again and again that it turns',
  async () => {
    const folder = tempDirectory()
    const socket = path.join(folder, 'notify')
    const hearer = spawn('python3', ['-c', HEAR, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void hearer.kill())
    let heard = ''
    hearer.stdout.on('data', (chunk: Buffer) => (heard += String(chunk)))
    await until('the socket', () => heard.includes('listening'))
    const { data } = await prepared()
    await serveWith(['env', `NOTIFY_SOCKET=${socket}`, 'WATCHDOG_USEC=400000', process.execPath], data)
    await until('readiness and two signs of life', () => heard.includes('READY=1') && heard.split('WATCHDOG=1').length > 2)
  },
)

test('the unit that is printed runs this program with its data in a folder of the unit’s own', async () => {
  const { code, out } = await cli('systemd-unit')
  expect(code).toBe(0)
  expect(out).toMatch(/^ExecStart=\S+ \S+cli\.js serve --data %S\/astrorelay --give-up-after 10m$/m)
  expect(out).toMatch(/^KillMode=process$/m)
})

test.runIf(has('systemd-analyze'))('systemd finds nothing wrong with it, whatever the folders are called', () => {
  for (const data of [null, '/srv/some data/100% "mine"']) {
    const file = path.join(tempDirectory(), 'astrorelay.service')
    writeFileSync(file, unitText(process.execPath, path.resolve(import.meta.dirname, '../../../out/cli.js'), data))
    expect(execFileSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
  }
})
