// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

/**
 * Installs the packages where they are missing or not those of package-lock.json; ends the process where that fails.
 * What npm says goes to stderr, so that a command's own output stays clean.
 * @param {string} root
 */
export function installPackages(root) {
  if (areInstalled(root)) return
  console.error('Installing what AstroRelay needs (npm ci, once; about half a minute) …')
  const npm = npmCommand()
  const { status, error } = spawnSync(npm.file, [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: npm.shell,
  })
  if (status === 0) return
  // A shell says with 127 (on Windows with 9009) that there is no such program.
  const noNpm = (error && 'code' in error && error.code === 'ENOENT') || (npm.shell && (status === 127 || status === 9009))
  if (noNpm)
    console.error(
      'AstroRelay needs npm for its first start, and there is none on the PATH. It comes with Node.js (https://nodejs.org); Debian and Ubuntu have it as the package “npm”.',
    )
  else
    console.error(
      `The packages could not be installed${error ? `: ${error.message}` : '; npm’s messages are above'}. Check the connection to the npm registry and that ${root} can be written to, then start again.`,
    )
  process.exit(1)
}

/**
 * @param {string} root
 * @returns {boolean}
 */
export function areInstalled(root) {
  const wanted = path.join(root, 'package-lock.json')
  const installed = path.join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  // npm writes the second file last. Git gives files the time of the checkout, so an older one may still hold the same packages.
  return statSync(installed).mtimeMs >= statSync(wanted).mtimeMs || sameVersions(readPackages(wanted), readPackages(installed))
}

/** @typedef {Readonly<Record<string, { version?: string, optional?: boolean }>>} Packages */

/**
 * @param {Packages} wanted
 * @param {Packages} installed
 */
function sameVersions(wanted, installed) {
  // Packages for other platforms are in the lock file and rightly absent on this one.
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || (installed[name] ? installed[name].version === version : optional === true),
  )
}

/**
 * @param {string} file
 * @returns {Packages}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** The npm that started us, else the one on the PATH, which on Windows is a script that needs a shell. */
function npmCommand() {
  const own = process.env.npm_execpath
  if (own !== undefined && /npm-cli\.c?js$/.test(own)) return { file: process.execPath, args: [own], shell: false }
  return { file: 'npm', args: [], shell: process.platform === 'win32' }
}
