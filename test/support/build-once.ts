import { execFileSync } from 'node:child_process'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Vitest's global set-up: the bundles that tests run as processes are built where a source is newer. */
export async function setup(): Promise<void> {
  const stale = await import('../../electron/launch/stale.mjs')
  if (stale.isStale(ROOT)) execFileSync(process.execPath, [path.join(ROOT, 'electron/launch/build.mjs')], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
}
