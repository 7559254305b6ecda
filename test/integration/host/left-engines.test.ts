import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { engineApi, engineEvents } from '../../../proxy/contract/engine-api'
import { createRpcClient } from '../../../proxy/contract/rpc/client'
import { DetachedEngines } from '../../../proxy/host/spawn/detached-engines'
import { launchDetached } from '../../../proxy/host/spawn/launch'
import { isAlive, processBirth } from '../../../proxy/system/process-birth'
import type { EngineEnd, EngineProcess } from '../../../proxy/host/engine-process'
import { buildOnce } from '../../support/build-once'
import { documentWith } from '../../support/fake-engine'
import { freePort } from '../../support/free-port'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const BUNDLE = path.resolve(import.meta.dirname, '../../../out/engine.js')

beforeAll(buildOnce, 120_000)

function enginesOf(dataDirectory: string, bundle = BUNDLE): DetachedEngines {
  return new DetachedEngines({ dataDirectory, bundle, file: process.execPath, launch: launchDetached(() => undefined) })
}

function clientOf(engine: EngineProcess) {
  return createRpcClient(engine.transport, engineApi, engineEvents)
}

function markOf({ pid = 0 }: EngineProcess) {
  return { pid, born: processBirth(pid) }
}

test.skipIf(process.platform === 'win32')(
  'a host that died in the middle of a hand-over left two engines; the next one goes on with one, and the other ends',
  async () => {
    const data = tempDirectory()
    const engines = enginesOf(data)
    const last = engines.start()
    onTestFinished(() => last.kill())
    const load = { revision: '1', document: documentWith({}, await freePort()), hidden: [], blocks: [] }
    await clientOf(last).call('load', load)
    const next = await engines.succeed((program) => clientOf(last).call('handOver', { program }))
    onTestFinished(() => next.kill())
    await clientOf(next).call('load', load)
    const marks = [markOf(last), markOf(next)] as const
    last.letGo()
    next.letGo()
    const found = await enginesOf(data).find()
    expect(found?.pid).toBe(marks[1].pid)
    await until('the end of the last engine', () => !isAlive(marks[0]), 20_000)
    expect(isAlive(marks[1])).toBe(true)
  },
)

test('an engine that hangs before it can be spoken to is ended when it is to be', async () => {
  const bundle = path.join(tempDirectory(), 'hangs.cjs')
  writeFileSync(bundle, 'process.stdin.resume(); for (;;);')
  const engine = enginesOf(tempDirectory(), bundle).start()
  const exited = new Promise<EngineEnd>((resolve) => engine.onExit(resolve))
  engine.kill()
  expect(await exited).toMatchObject({ kind: 'killed', signal: 'SIGKILL' })
})
