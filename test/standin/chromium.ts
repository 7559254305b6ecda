import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { Cdp } from './cdp'

export interface Browser {
  readonly cdp: Cdp
  readonly version: string
  close(): Promise<void>
}

const QUIET = [
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-gpu',
  '--mute-audio',
  '--password-store=basic',
  '--disable-popup-blocking',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
  '--disable-dev-shm-usage',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  '--force-color-profile=srgb',
]

/**
 * Starts Chromium with a pipe for us, which also ends it when this process goes, and with a port where a test runner wants
 * to attach. STANDIN_CHROMIUM names another executable, STANDIN_HEADFUL shows the window, STANDIN_VERBOSE prints what it says.
 */
export async function startChromium(debugPort: boolean): Promise<Browser> {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'standin-'))
  const args = [
    ...(process.env['STANDIN_HEADFUL'] ? [] : ['--headless=new']),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--remote-debugging-pipe',
    ...(debugPort ? ['--remote-debugging-port=0'] : []),
    `--user-data-dir=${profile}`,
    ...QUIET,
  ]
  // Without these Debian's Chromium leaves things in ~/.config.
  const env = { ...process.env, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile }
  const child = spawn(process.env['STANDIN_CHROMIUM'] ?? '/usr/bin/chromium', args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env,
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    // Playwright waits for the line that tells the port.
    for (const line of text.split('\n'))
      if (line.startsWith('DevTools listening') || process.env['STANDIN_VERBOSE']) process.stderr.write(`${line}\n`)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const cdp = new Cdp(child.stdio[3] as Writable, child.stdio[4] as Readable)
  const { product } = await cdp.send('Browser.getVersion')
  return {
    cdp,
    version: String(product).split('/')[1] ?? '0',
    async close() {
      await cdp.send('Browser.close').catch(() => undefined)
      await exited
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
