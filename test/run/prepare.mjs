import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './step.mjs'

/** Debian packages that the tests use for real, by the program that shows they are there. */
const PROGRAMS = { '/usr/bin/chromium': 'chromium', '/usr/sbin/nginx': 'nginx-light', '/usr/bin/curl': 'curl' }

/** Installs the npm packages where they are missing or older than the lock file. */
export function installDependencies() {
  const wanted = path.join(root, 'package-lock.json')
  const installed = path.join(root, 'node_modules/.package-lock.json')
  if (existsSync(installed) && sameVersions(wanted, installed)) return
  console.log('Installing npm packages (npm ci) …')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) fail('npm ci failed; its messages are above.')
}

/**
 * Installs Chromium, nginx and curl where this is Debian or Ubuntu and we may; elsewhere tests that need a program say so
 * and are skipped, and the browser tests look for Chrome and for Playwright’s own Chromium.
 */
export function installPrograms() {
  const missing = Object.entries(PROGRAMS).filter(([file]) => !existsSync(file)).map(([, name]) => name)
  if (missing.length === 0 || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.log(`Installing Debian packages: ${missing.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { stdio: ['ignore', 'ignore', 'inherit'], env })
  if (status !== 0) fail(`apt-get could not install ${missing.join(', ')}.`)
}

/**
 * @param {string} wanted the lock file
 * @param {string} installed npm's own record of what is in node_modules
 */
function sameVersions(wanted, installed) {
  const has = JSON.parse(readFileSync(installed, 'utf8')).packages
  // Packages for other platforms are in the lock file and rightly absent on this one.
  return Object.entries(JSON.parse(readFileSync(wanted, 'utf8')).packages).every(([name, { version, optional }]) => name === '' || (has[name] ? has[name].version === version : optional === true))
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`npm test: ${message}`)
  process.exit(1)
}
