import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildOnce } from '../../support/build-once'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const CLI = path.resolve(import.meta.dirname, '../../../out/cli.js')
const [gateway, visitor] = [`arg${process.pid}`, `arv${process.pid}`]
const able = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('ip', ['netns', 'list']).status === 0

beforeAll(buildOnce, 90_000)

const ip = (...args: string[]): unknown => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })

/** Two networks of this test's own, joined by a cable of their own: 198.18.0.0/15 is for tests (RFC 2544). */
function makeNetworks(): void {
  onTestFinished(() => {
    for (const name of [gateway, visitor]) spawnSync('ip', ['netns', 'del', name])
  })
  for (const name of [gateway, visitor]) {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  ip('-n', gateway, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', visitor)
  for (const [name, last] of [
    [gateway, 1],
    [visitor, 2],
  ] as const) {
    for (const address of [`198.18.77.${last}/24`, `fd00:77::${last}/64`])
      ip('-n', name, 'addr', 'add', address, 'dev', 'eth0', ...(address.includes(':') ? ['nodad'] : []))
    ip('-n', name, 'link', 'set', 'eth0', 'up')
  }
}

function within(name: string, ...command: readonly string[]): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', name, ...command], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise((resolve) => void child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill()
    await gone
  })
  return child
}

const service = (id: string, from: string) => ({
  id,
  hosts: [`${id}.test`],
  backends: [{ id: 'main', url: 'http://127.0.0.1:5000' }],
  access: { rules: [{ action: 'allow', from }] },
})
const ask = async (address: string, id: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('ip', [
    'netns',
    'exec',
    visitor,
    'curl',
    '-s',
    '-g',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    `Host: ${id}.test`,
    `http://${address}:8080/`,
  ])
  return `${id} ${stdout}`
}

test.skipIf(!able)(
  'visitors of another network meet the rules in both families: their network is “this network”, and not private',
  async () => {
    makeNetworks()
    within(gateway, process.execPath, '-e', "require('node:http').createServer((_, answer) => answer.end('in')).listen(5000, '127.0.0.1')")
    const data = tempDirectory()
    const config = path.join(data, 'relay.json')
    writeFileSync(
      config,
      JSON.stringify({
        version: 1,
        listeners: [{ id: 'web', address: '::', port: 8080 }],
        services: [
          service('network', 'this-network'),
          service('lan', 'lan'),
          service('loopback', 'loopback'),
          service('v4', '198.18.77.2'),
          service('anyone', 'anyone'),
        ],
      }),
    )
    const served = within(gateway, process.execPath, CLI, 'serve', '--config', config, '--data', data, '--no-console')
    let said = ''
    served.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until('the gateway to be ready', () => said.includes('ready'))
    const ids = ['network', 'lan', 'loopback', 'v4', 'anyone']
    expect(await Promise.all(ids.map((id) => ask('198.18.77.1', id)))).toEqual([
      'network 200',
      'lan 403',
      'loopback 403',
      'v4 200',
      'anyone 200',
    ])
    // fd00::/8 is private (RFC 4193).
    expect(await Promise.all(ids.map((id) => ask('[fd00:77::1]', id)))).toEqual([
      'network 200',
      'lan 200',
      'loopback 403',
      'v4 403',
      'anyone 200',
    ])
  },
)
