// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

/** What the bundles are made of. */
const SOURCES = ['proxy', 'electron', 'renderer', 'package.json', 'package-lock.json']

/**
 * Builds where a source is newer than the last build; ends the process where that fails. Output goes to stderr.
 * @param {string} root
 */
export function buildIfStale(root) {
  if (!isStale(root)) return
  console.error('Building AstroRelay …')
  const { status } = spawnSync(process.execPath, [path.join(root, 'electron/launch/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  console.error('The build failed; its messages are above.')
  process.exit(1)
}

/**
 * @param {string} root
 * @returns {boolean} whether out/ is missing, or older than a source
 */
export function isStale(root) {
  const stamp = path.join(root, 'out/.stamp')
  if (!existsSync(stamp) || !existsSync(path.join(root, 'out/cli.js'))) return true
  const builtAt = Date.parse(readFileSync(stamp, 'utf8').trim())
  // A file's time has fractions of a millisecond, the stamp has not.
  return !(newest(SOURCES.map((name) => path.join(root, name))) < builtAt + 1)
}

/**
 * @param {readonly string[]} files files and folders; what is missing does not count
 * @returns {number} the latest time of a change below them, in ms; a folder's own tells of removed files
 */
function newest(files) {
  let latest = 0
  for (const file of files) {
    const stats = statSync(file, { throwIfNoEntry: false })
    if (!stats) continue
    latest = Math.max(latest, stats.mtimeMs)
    if (stats.isDirectory()) latest = Math.max(latest, newest(readdirSync(file).map((name) => path.join(file, name))))
  }
  return latest
}
