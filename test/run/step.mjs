import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/**
 * Runs one step of the tests with its output shown.
 * @param {string} name what people read
 * @param {string} script a JavaScript file
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env] added to the environment
 * @returns {string | null} the name where it failed, null where it passed
 */
export function run(name, script, args, env = {}) {
  console.log(`\n── ${name}`)
  const started = Date.now()
  const { status, error } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  if (error) console.error(error.message)
  const passed = status === 0
  console.log(`── ${name}: ${passed ? 'passed' : 'failed'} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  return passed ? null : name
}
