import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
const bin = (name: string) => path.join(root, 'node_modules', name)

/** Where Electron’s executable keeps its fuses, all nine off: https://www.electronjs.org/docs/latest/tutorial/fuses. */
const FUSES = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 9]), Buffer.from('000000000')])

describe.skipIf(process.platform !== 'linux')('a package', () => {
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-package-'))
    // The packager copies and marks what it takes for Electron; the archive and the fuses are real.
    const runtime = path.join(folder, 'runtime')
    mkdirSync(path.join(runtime, 'resources'), { recursive: true })
    writeFileSync(path.join(runtime, 'electron'), FUSES, { mode: 0o755 })
    await run(
      process.execPath,
      [
        bin('electron-builder/cli.js'),
        '--linux',
        '--dir',
        '--publish',
        'never',
        `-c.electronDist=${runtime}`,
        `-c.directories.output=${path.join(folder, 'dist')}`,
      ],
      { cwd: root },
    )
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('holds the bundles and icons, no sources, maps or packages', async () => {
    const { stdout } = await run(process.execPath, [
      bin('@electron/asar/bin/asar.js'),
      'list',
      path.join(folder, 'dist/linux-unpacked/resources/app.asar'),
    ])
    const files = stdout.trim().split('\n')
    expect(files).toEqual(
      expect.arrayContaining([
        '/out/main.js',
        '/out/preload.cjs',
        '/out/engine.js',
        '/out/gateway.js',
        '/out/renderer/index.html',
        '/electron/resources/tray/ok.png',
        '/package.json',
      ]),
    )
    expect(files.filter((file) => /\.map$|\.ts$|node_modules|\.svg$/.test(file) && !file.startsWith('/out/renderer/'))).toEqual([])
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
  })

  test('takes no debugger, no options of Node and no other code; that it can run as Node is how its gateway outlives it', async () => {
    const { stdout } = await run(process.execPath, [
      bin('@electron/fuses/dist/bin.js'),
      'read',
      '--app',
      path.join(folder, 'dist/linux-unpacked/astrorelay'),
    ])
    for (const fuse of ['EnableNodeOptionsEnvironmentVariable', 'EnableNodeCliInspectArguments', 'GrantFileProtocolExtraPrivileges'])
      expect(stdout).toMatch(new RegExp(`${fuse} is .*Disabled`))
    for (const fuse of ['RunAsNode', 'OnlyLoadAppFromAsar', 'EnableEmbeddedAsarIntegrityValidation'])
      expect(stdout).toMatch(new RegExp(`${fuse} is .*Enabled`))
  })
})
