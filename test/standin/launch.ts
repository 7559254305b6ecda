// Takes the place of the electron executable: the same command line (switches, -r module, app path, app arguments), so that
// Playwright's own `_electron.launch({ executablePath })` drives it. It prints "Debugger listening on …" for this process
// and lets Chromium print "DevTools listening on …".
import { readFileSync } from 'node:fs'
import inspector from 'node:inspector'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { app } from './app'
import { browser } from './browser'
import { parseCommandLine } from './command-line'
import { electron } from './electron'
import { provideElectron } from './provide'
import { world } from './world'

const argv = process.argv.slice(2)
const { switches, preloads, appPath } = parseCommandLine(argv)
const manifest = readJson(path.join(appPath, 'package.json'))
const electronVersion = readJson(path.join(appPath, 'node_modules/electron/package.json')).version ?? '0'
const entry = path.join(appPath, manifest.main ?? 'index.js')
const debugPort = switches.has('remote-debugging-port')

// As in Electron, the switches stay in the arguments that the app sees.
process.argv = [process.argv[0] ?? 'electron', ...argv]
Object.assign(process.versions, { electron: electronVersion })
Object.assign(process, { type: 'browser', defaultApp: true, resourcesPath: appPath })
app.name = manifest.productName ?? manifest.name ?? path.basename(appPath)
world.boot = {
  appPath,
  name: app.name,
  version: manifest.version ?? '0.0.0',
  electronVersion,
  debugPort,
  childShim: pathToFileURL(path.join(path.dirname(fileURLToPath(import.meta.url)), 'child.js')).href,
  switches,
}
provideElectron(electron)

// `ready` waits for Playwright, as its own loader makes it wait; with an executable named, Playwright does not send its loader along.
const attached = new Promise<void>((resolve) => Object.assign(globalThis, { __playwright_run: resolve }))

process.on('uncaughtException', (error) => {
  console.error('Uncaught exception in the main process:', error)
  app.exit(1)
})
// Electron quits on these; an app that listens to them itself decides.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) app.quit()
  })
process.on('exit', (code) => {
  if (code === 13)
    console.error(
      'electron stand-in: the main module never finished loading. Awaiting `app.whenReady()` at its top level hangs Electron too.',
    )
})

const browserIsUp = debugPort ? browser() : Promise.resolve()
if (switches.has('inspect')) inspector.open(Number(switches.get('inspect') || 9229), '127.0.0.1')
const require = createRequire(path.join(process.cwd(), 'preloads.js'))
for (const preload of preloads) require(path.resolve(preload))
await import(pathToFileURL(entry).href)
await browserIsUp
if (debugPort) await attached
app.becomeReady()

function readJson(file: string): { name?: string; productName?: string; version?: string; main?: string } {
  return JSON.parse(readFileSync(file, 'utf8')) as { name?: string; productName?: string; version?: string; main?: string }
}
