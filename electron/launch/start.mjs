#!/usr/bin/env node
// @ts-check
// `npm start` and `astrorelay`. Installs and builds when that is due; then runs a command, or opens the desktop app, or
// does what `serve` does where there can be no window. Never asks anything. Plain Node: it runs before anything is installed.
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/** An exit code of the desktop app: the person has read why it did not start, so nothing else is tried; see main/refuse-to-start.ts. */
const REFUSED = 3
/** A runtime that ends with an error sooner than this never showed a window: a missing library, a sandbox that is not allowed. */
const STILLBORN_MS = 5_000

refuseOldNode()
const { areInstalled, installPackages } = await import('./install.mjs')
const { buildIfStale, isStale } = await import('./stale.mjs')
const { inTurn } = await import('./turn.mjs')
const { findRuntime } = await import('./runtime.mjs')
const { runChild } = await import('./child.mjs')

const args = process.argv.slice(2)
if (!areInstalled(root) || isStale(root)) await prepare()
process.exitCode = isCommand(args[0]) ? await runCommand(args) : await openDesktop(args)

/** Installs and builds what is due, unless another start has done so while this one waited. */
async function prepare() {
  try {
    await inTurn(path.join(root, 'out'), () => {
      installPackages(root)
      buildIfStale(root)
    })
  } catch (error) {
    console.error(`AstroRelay cannot install or build in ${root}: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}

/**
 * @param {string | undefined} first
 * @returns {boolean} whether it is for the command line: a word, or a question about the program
 */
function isCommand(first) {
  return first !== undefined && (!first.startsWith('-') || ['--help', '-h', '--version', '-v'].includes(first))
}

/** @param {readonly string[]} commandLine */
function runCommand(commandLine) {
  return runChild(process.execPath, [path.join(root, 'out/cli.js'), ...commandLine])
}

/** @param {readonly string[]} flags */
async function openDesktop(flags) {
  const runtime = findRuntime(root)
  if (!runtime.found) return serveInstead(runtime.why, flags)
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const startedAt = Date.now()
  const code = await runChild(runtime.file, [root, ...flags], env)
  if (code === 0 || code === REFUSED || Date.now() - startedAt > STILLBORN_MS) return code
  return serveInstead(`Electron ended at once with code ${code}`, flags)
}

/**
 * @param {string} why
 * @param {readonly string[]} flags
 */
function serveInstead(why, flags) {
  console.error(`No desktop window: ${why}. The gateway runs here all the same; open the link below in a browser.`)
  return runCommand(['serve', ...flags.filter((flag) => flag !== '--hidden')])
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23
  if (fits) return
  console.error(
    `AstroRelay needs Node.js 20.19 or newer (22.12 or newer of version 22); this is ${process.versions.node}. Get one from https://nodejs.org and start again.`,
  )
  process.exit(1)
}
