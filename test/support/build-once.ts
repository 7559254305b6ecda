import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { until } from './until'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BUNDLES = ['out/cli.js', 'out/engine.js'].map((file) => path.join(ROOT, file))
const LOCK = path.join(ROOT, 'out/.test-build')

/** Builds the bundles that tests run as processes, where a source is newer; for `beforeAll`. Test files that run side by side wait for one build. */
export async function buildOnce(): Promise<void> {
  mkdirSync(path.join(ROOT, 'out'), { recursive: true })
  await until('the build of another test file', isOurs, 60_000)
  try {
    if (isStale())
      execFileSync(process.execPath, [path.join(ROOT, 'electron/launch/build.mjs'), '--only', 'cli,engine'], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
  } finally {
    rmdirSync(LOCK)
  }
}

function isOurs(): boolean {
  try {
    mkdirSync(LOCK)
    return true
  } catch {
    return false // another test file builds
  }
}

function isStale(): boolean {
  const built = Math.min(...BUNDLES.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0))
  return readdirSync(path.join(ROOT, 'proxy'), { recursive: true, encoding: 'utf8' }).some(
    (file) => file.endsWith('.ts') && statSync(path.join(ROOT, 'proxy', file)).mtimeMs > built,
  )
}
