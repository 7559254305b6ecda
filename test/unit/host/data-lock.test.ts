import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { dataDirectoryOwner, lockDataDirectory } from '../../../proxy/host/data-lock'
import { tempDirectory } from '../../support/temp-directory'

test('a data directory has one host; the second is told which', () => {
  const directory = tempDirectory()
  const unlock = lockDataDirectory(directory)
  expect(() => lockDataDirectory(directory)).toThrow(`already running with the data in ${directory} (pid ${process.pid})`)
  expect(dataDirectoryOwner(directory)).toBe(process.pid)
  unlock()
  expect(dataDirectoryOwner(directory)).toBeNull()
  lockDataDirectory(directory)()
})

test('the lock of a process that was killed is taken over', async () => {
  const directory = tempDirectory()
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: child.pid, born: '1' }))
  lockDataDirectory(directory)()
})

test.runIf(process.platform === 'linux')('a pid that another program has got meanwhile is not taken for the owner', () => {
  const directory = tempDirectory()
  const child = spawn('sleep', ['60'])
  onTestFinished(() => void child.kill('SIGKILL'))
  writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: child.pid, born: '1' }))
  lockDataDirectory(directory)()
})

test('a half-written lock is taken over', () => {
  const directory = tempDirectory()
  writeFileSync(path.join(directory, 'lock'), '{"pi')
  const unlock = lockDataDirectory(directory)
  expect(JSON.parse(readFileSync(path.join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  unlock()
})

/** Host processes that all go for one directory at a word, and hold what they won. */
async function contenders(number: number): Promise<(directory: string, slow?: (nth: number) => object) => Promise<string[]>> {
  const folder = tempDirectory()
  const entry = path.join(folder, 'contender.ts')
  writeFileSync(
    entry,
    `import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    import { createInterface } from 'node:readline'
    import { lockDataDirectory } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../../proxy/host/data-lock.ts'))}
    createInterface({ input: process.stdin }).on('line', (line) => {
      const [directory, at, slow] = JSON.parse(line)
      hinder(slow)
      while (Date.now() < at);
      try { lockDataDirectory(directory); console.log('won') } catch (error) { console.log(error.message) }
    })
    function hinder(slow) {
      if (slow === null) return
      const { linkSync, renameSync, writeFileSync } = fs
      // Its draft is the first, the lock itself the second.
      let written = 0
      const late = (work) => (...given) => {
        if (slow.late && (!slow.noLinks || (typeof given[0] === 'number' && ++written === 2))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500)
        return work(...given)
      }
      const refuse = () => { throw Object.assign(new Error('no links'), { code: 'EPERM' }) }
      fs.linkSync = slow.noLinks ? refuse : late(linkSync)
      if (slow.noLinks) fs.writeFileSync = late(writeFileSync)
      else fs.renameSync = late(renameSync)
      syncBuiltinESMExports()
    }
    console.log('ready')`,
  )
  const bundle = path.join(folder, 'contender.mjs')
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: entry, outDir: folder, emptyOutDir: false, rollupOptions: { output: { entryFileNames: 'contender.mjs' } } },
  })
  const all = await Promise.all(
    Array.from({ length: number }, async () => {
      const child = spawn(process.execPath, [bundle], { stdio: ['pipe', 'pipe', 'inherit'] })
      const gone = once(child, 'exit')
      onTestFinished(async () => {
        child.kill('SIGKILL')
        await gone
      })
      const lines = createInterface({ input: child.stdout })
      await once(lines, 'line')
      return { child, lines }
    }),
  )
  return (directory, slow) =>
    Promise.all(
      all.map(async ({ child, lines }, nth) => {
        const said = once(lines, 'line')
        child.stdin.write(`${JSON.stringify([directory, Date.now() + 20 + (slow === undefined ? 0 : nth * 200), slow?.(nth)])}\n`)
        return String((await said)[0])
      }),
    )
}

test('of many hosts that meet one dead lock at once exactly one wins, and the others are told which', { timeout: 60_000 }, async () => {
  const root = tempDirectory()
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  const goFor = await contenders(8)
  for (let round = 0; round < 40; round++) {
    const directory = path.join(root, String(round))
    mkdirSync(directory)
    writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: dead.pid, born: '1' }))
    // What a host leaves behind that was killed in the middle of a take-over.
    if (round % 2 === 1) writeFileSync(path.join(directory, 'lock.take-over'), JSON.stringify({ pid: dead.pid, born: '1' }))
    const outcomes = await goFor(directory)
    const owner = dataDirectoryOwner(directory)
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.includes(`already running with the data in ${directory} (pid ${owner})`))).toHaveLength(7)
    expect(readdirSync(directory)).toEqual(['lock'])
  }
})

test.each([
  [' at each step of taking over a dead one', false],
  [' while it writes one, on a disk without links', true],
])('of two hosts that go for one lock, the first of them delayed by 1.5 s%s, one wins', { timeout: 60_000 }, async (_, noLinks) => {
  const directory = tempDirectory()
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  // Without links it is the making of a new one that others can see half-done.
  if (!noLinks) writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: dead.pid, born: '1' }))
  const goFor = await contenders(2)
  const outcomes = await goFor(directory, (nth) => ({ late: nth === 0, noLinks }))
  expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1)
})

test('a lock that is no host’s, however large, is taken over', () => {
  const directory = tempDirectory()
  const file = path.join(directory, 'lock')
  writeFileSync(file, '['.repeat(100_000))
  utimesSync(file, 0, 0)
  lockDataDirectory(directory)()
})
