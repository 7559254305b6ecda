import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { buildOnce } from '../../support/build-once'
import { type Served, serveWith } from '../../support/cli'
import { freePort } from '../../support/free-port'
import { documentOf } from '../../support/prepared'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const able = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0

beforeAll(buildOnce, 120_000)

/** A gateway that sees one file of its folder through a mount, as Docker’s `-v relay.json:/etc/astrorelay/relay.json` has it. */
async function servedFromMount(): Promise<{ gateway: Served; outside: string; inside: string; port: number }> {
  const root = tempDirectory()
  const outside = path.join(root, 'relay.json')
  const inside = path.join(root, 'etc/relay.json')
  const port = await freePort()
  mkdirSync(path.join(root, 'etc'))
  writeFileSync(outside, JSON.stringify(documentOf(port)))
  writeFileSync(inside, '')
  const mount = 'mount --bind "$0" "$1" && shift && exec "$@"'
  const data = path.join(root, 'data')
  mkdirSync(data)
  const gateway = await serveWith(
    ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, outside, inside, process.execPath],
    data,
    '--config',
    inside,
  )
  return { gateway, outside, inside, port }
}

async function documentThatServes(gateway: Served): Promise<ConfigDocument> {
  return (await (await gateway.api('GET', '/config')).json()) as ConfigDocument
}

test.runIf(able)(
  'a configuration file that is mounted by itself is saved in place, with the previous one beside it, and heard when edited',
  async () => {
    const { gateway, outside, inside, port } = await servedFromMount()
    const saved = documentOf(port, 'http://127.0.0.1:9')
    const answer = await gateway.api('PUT', '/config', saved)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('revision')])
    expect(JSON.parse(readFileSync(outside, 'utf8'))).toEqual(saved)
    expect(JSON.parse(readFileSync(`${inside}.previous`, 'utf8'))).toEqual(documentOf(port))
    writeFileSync(outside, JSON.stringify(documentOf(port, 'http://127.0.0.1:10')))
    await until(
      'the edit from outside the mount',
      async () => (await documentThatServes(gateway)).services?.[0]?.backends?.[0]?.url === 'http://127.0.0.1:10',
      4_000,
    )
    expect(existsSync(`${inside}.tmp`)).toBe(false)
  },
)
