import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { tempDirectory } from '../../support/temp-directory'

const root = path.resolve(import.meta.dirname, '../../..')

/** Whether this machine lets a process have disks of its own, without rights over those of others (unshare(1)). */
const mayMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt && mount -o remount,ro /mnt']).status === 0

/** A host in a process of its own, which does with it and its disk what it is told, a line each. */
const DRIVEN = `
  import { execFileSync } from 'node:child_process'
  import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
  import path from 'node:path'
  import { createInterface } from 'node:readline'
  import { startHost } from ${JSON.stringify(path.join(root, 'proxy/host/host.ts'))}
  import { openOwnDocumentFile } from ${JSON.stringify(path.join(root, 'proxy/host/store/own-document-file.ts'))}
  import { dataDirectoryOwner } from ${JSON.stringify(path.join(root, 'proxy/host/data-lock.ts'))}
  import { documentWith, FakeEngines } from ${JSON.stringify(path.join(root, 'test/support/fake-engine.ts'))}
  const [disk] = process.argv.slice(2)
  const data = path.join(disk, 'data')
  const start = () => startHost({ kind: 'server', version: '1', dataDirectory: data, engines: new FakeEngines(),
    openDocumentFile: openOwnDocumentFile, console: null, rendererDirectory: data, log: () => undefined })
  let host = null
  const does = {
    start: async () => { host = await start(); return 'started' },
    second: async () => { await start(); return 'both run' },
    stop: async () => { await host.stop(); return 'stopped' },
    save: async (port) => 'saved ' + (await host.handlers['config.put']({ document: documentWith({ wiki: port }) })).revision,
    serves: async () => (await host.handlers['config.get']({})).document.services?.[0]?.backends[0].url ?? 'nothing',
    info: async () => { const { readOnly, notices } = await host.handlers.info({}); return { readOnly, titles: notices.map(({ title }) => title) } },
    owner: () => dataDirectoryOwner(data) === process.pid,
    readOnly: () => { execFileSync('mount', ['-o', 'remount,ro', disk]); return 'read-only' },
    writable: () => { execFileSync('mount', ['-o', 'remount,rw', disk]); return 'writable' },
    fill: () => { for (const size of [65536, 4096, 1]) try { for (;;) writeFileSync(path.join(disk, 'fill-' + Math.random()), Buffer.alloc(size)) } catch {} return 'full' },
    empty: () => { for (const name of readdirSync(disk)) if (name.startsWith('fill-')) rmSync(path.join(disk, name)); return 'room' },
    torn: () => [data, path.join(data, 'history')].flatMap((folder) => readdirSync(folder).filter((name) => {
      if (name.endsWith('.tmp')) return true
      if (!/^(config|\\d+)\\.json$/.test(name)) return false
      try { JSON.parse(readFileSync(path.join(folder, name), 'utf8')); return false } catch { return true }
    })),
  }
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const [what, ...given] = JSON.parse(line)
    try { console.log(JSON.stringify(await does[what](...given) ?? null)) } catch (error) { console.log(JSON.stringify('refused: ' + error.message)) }
  })
  console.log('"ready"')
`

let folder: string
let bundle: string

beforeAll(async () => {
  if (!mayMount) return
  folder = mkdtempSync(path.join(tmpdir(), 'astrorelay-test-'))
  const entry = path.join(folder, 'driven.ts')
  writeFileSync(entry, DRIVEN)
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: entry, outDir: folder, emptyOutDir: false, rollupOptions: { output: { entryFileNames: 'driven.mjs' } } },
  })
  bundle = path.join(folder, 'driven.mjs')
}, 120_000)

afterAll(() => {
  if (mayMount) rmSync(folder, { recursive: true, force: true })
})

async function onDisk(size: string): Promise<(what: string, ...given: unknown[]) => Promise<unknown>> {
  const disk = tempDirectory()
  const script = `mount -t tmpfs -o size=${size} tmpfs "$1" && exec "$2" "$3" "$1"`
  const child = spawn('unshare', ['-rm', 'sh', '-c', script, 'sh', disk, process.execPath, bundle], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: tempDirectory() },
  })
  const gone = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  return async (what, ...given) => {
    const said = once(lines, 'line')
    child.stdin.write(`${JSON.stringify([what, ...given])}\n`)
    return JSON.parse(String((await said)[0]))
  }
}

describe.runIf(mayMount)('on a disk of its own', { timeout: 60_000 }, () => {
  test.each([
    ['is read-only', 'readOnly', 'writable', 'the disk is read-only'],
    ['is full', 'fill', 'empty', 'there is no space left on the disk'],
  ])(
    'that %s a restart serves what is there, says that nothing can be saved, and saves again as soon as it can',
    async (_, spoil, mend, words) => {
      const tell = await onDisk('1m')
      expect([await tell('start'), await tell('save', 3001), await tell('stop')]).toEqual(['started', 'saved 2', 'stopped'])
      await tell(spoil)
      expect(await tell('start')).toBe('started')
      expect(await tell('serves')).toBe('http://127.0.0.1:3001')
      expect(await tell('info')).toEqual({ readOnly: expect.stringContaining(words), titles: ['Changes cannot be saved'] })
      expect(await tell('save', 3002)).toMatch(new RegExp(`^refused: Changes cannot be saved: ${words} .*Nothing was changed\\.$`))
      expect([await tell('serves'), await tell('torn')]).toEqual(['http://127.0.0.1:3001', []])
      expect([await tell('owner'), await tell('second')]).toEqual([true, expect.stringContaining('already running with the data in')])
      await tell(mend)
      expect(await tell('second')).toContain('already running with the data in')
      expect([await tell('save', 3003), await tell('serves'), await tell('torn')]).toEqual([
        expect.stringMatching(/^saved \d+$/),
        'http://127.0.0.1:3003',
        [],
      ])
      expect(await tell('info')).toMatchObject({ readOnly: null })
      expect([await tell('stop'), await tell('start'), await tell('serves')]).toEqual(['stopped', 'started', 'http://127.0.0.1:3003'])
    },
  )

  test.each([
    ['read-only', 'readOnly', 'writable'],
    ['full', 'fill', 'empty'],
  ])('that is %s a first start begins with what a new gateway has, and keeps it once it can', async (_, spoil, mend) => {
    const tell = await onDisk('1m')
    await tell(spoil)
    expect([await tell('start'), await tell('serves')]).toEqual(['started', 'nothing'])
    expect(await tell('save', 3001)).toContain('refused: Changes cannot be saved')
    await tell(mend)
    expect([await tell('save', 3001), await tell('stop'), await tell('start'), await tell('serves')]).toEqual([
      expect.stringMatching(/^saved \d+$/),
      'stopped',
      'started',
      'http://127.0.0.1:3001',
    ])
  })
})

test.skipIf(mayMount)(
  'disks that are full or read-only are tested where a process may have one of its own: Linux with user namespaces',
  () => {
    expect(mayMount).toBe(false)
  },
)
