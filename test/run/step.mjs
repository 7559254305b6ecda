import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeTurn } from './turns.mjs'

/** The repository's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/**
 * One step of the tests. Steps may run side by side: each has its output shown as one piece, in the order they were made.
 * @param {string} name what people read
 * @param {string} script a JavaScript file
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env] added to the environment
 * @returns {() => Promise<string | null>} runs it; resolves to the name where it failed, to null where it passed
 */
export function step(name, script, args, env = {}) {
  const turn = takeTurn(process.stdout)
  return () => {
    const started = Date.now()
    turn.write(`\n── ${name}\n`)
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // What writes into a pipe leaves out its colours, and here it is a terminal in the end.
      env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...env },
    })
    child.stdout.on('data', (text) => turn.write(text))
    child.stderr.on('data', (text) => turn.write(text))
    child.once('error', (error) => turn.write(`${error.message}\n`))
    return new Promise((resolve) => {
      child.once('close', (status) => {
        const passed = status === 0
        turn.write(`── ${name}: ${passed ? 'passed' : 'failed'} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
        turn.end()
        resolve(passed ? null : name)
      })
    })
  }
}

/**
 * Runs steps one after another, whatever comes of each.
 * @param {readonly (() => Promise<string | null>)[]} steps
 * @returns {Promise<readonly (string | null)[]>} what they resolved to
 */
export async function inOrder(steps) {
  const outcomes = []
  for (const run of steps) outcomes.push(await run())
  return outcomes
}
