// @ts-check
import { spawn } from 'node:child_process'
import os from 'node:os'
import process from 'node:process'

/**
 * Runs a program in the foreground: it has this terminal, gets our signals, and its end is ours.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code; 128 and the number of the signal that ended it; 127 where it could not be started
 */
export function runChild(file, args, env = process.env) {
  const child = spawn(file, args, { stdio: 'inherit', env })
  // In a terminal Ctrl+C reaches the child by itself; a second one would mean "at once".
  /** @type {NodeJS.Signals[]} */
  const forwarded = ['SIGTERM', 'SIGHUP', ...(process.stdin.isTTY ? [] : [/** @type {const} */ ('SIGINT')])]
  for (const signal of forwarded) process.on(signal, () => child.kill(signal))
  if (process.stdin.isTTY) process.on('SIGINT', () => undefined)
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${file} could not be started: ${error.message}`)
      resolve(127)
    })
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + os.constants.signals[signal]))
  })
}
