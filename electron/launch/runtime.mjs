// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const DOWNLOAD_LIMIT_MS = 10 * 60_000
/** A failed download is not tried again for a day, so that later starts are quick. */
const RETRY_AFTER_MS = 24 * 60 * 60_000

/** @typedef {{ found: true, file: string } | { found: false, why: string }} Runtime */

/**
 * Electron's runtime, downloaded where it is missing; or why there can be no window, in words.
 * @param {string} root
 * @returns {Runtime}
 */
export function findRuntime(root) {
  if (!hasDisplay(process.platform, process.env))
    return { found: false, why: 'this session has no display (neither DISPLAY nor WAYLAND_DISPLAY is set)' }
  const installed = installedRuntime(root)
  if (installed !== null) return { found: true, file: installed }
  const failure = rememberedFailure(root) ?? download(root)
  const downloaded = failure === null ? installedRuntime(root) : null
  if (downloaded !== null) return { found: true, file: downloaded }
  return {
    found: false,
    why: `Electron’s runtime is not installed and could not be downloaded (${failure ?? 'its files are missing'}); “npm run install:electron” tries again`,
  }
}

/**
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
}

/**
 * The installed executable. Never by loading the package: since version 42 that starts the download.
 * @param {string} root
 * @returns {string | null}
 */
export function installedRuntime(root) {
  const folder = path.join(root, 'node_modules/electron')
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const named = path.join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : override && 'electron'
  if (!name) return null
  const file = path.join(override ?? path.join(folder, 'dist'), name)
  return existsSync(file) ? file : null
}

/**
 * @param {string} root
 * @returns {string | null} why it failed, null where it did not
 */
function download(root) {
  const script = path.join(root, 'node_modules/electron/install.js')
  if (!existsSync(script)) return 'the electron package is missing'
  console.error('Downloading Electron’s runtime for the desktop window (about 110 MB, once) …')
  const { status, error, stderr } = spawnSync(process.execPath, [script], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    timeout: DOWNLOAD_LIMIT_MS,
    encoding: 'utf8',
  })
  if (status === 0) return null
  const why =
    error && 'code' in error && error.code === 'ETIMEDOUT'
      ? 'it took longer than ten minutes'
      : firstSentence(stderr) || `the download ended with code ${status}`
  remember(root, why)
  return why
}

/** @param {string} stderr what Node printed about an error */
function firstSentence(stderr) {
  return stderr
    .split('\n')[0]
    ?.replace(/^\w*Error: /, '')
    .trim()
}

/** @param {string} root */
function memoryFile(root) {
  return path.join(root, 'node_modules/.cache/astrorelay/electron-download.json')
}

/**
 * @param {string} root
 * @returns {string | null} why the last try failed, if that was lately
 */
function rememberedFailure(root) {
  const file = memoryFile(root)
  if (!existsSync(file)) return null
  try {
    const { at, why } = JSON.parse(readFileSync(file, 'utf8'))
    return typeof at === 'number' && Date.now() - at < RETRY_AFTER_MS ? String(why) : null
  } catch {
    return null // cut off when it was written: then it is tried again
  }
}

/**
 * @param {string} root
 * @param {string} why
 */
function remember(root, why) {
  const file = memoryFile(root)
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ at: Date.now(), why }))
  } catch {
    // A folder that is read-only remembers nothing: the next start tries the download again.
  }
}
