import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { hasNginx, startNginx } from '../../support/nginx'
import { startSse, startWsEcho } from '../../support/stream-servers'
import { expect, test } from '../fixtures/console-host'

/** What curl prints for a path: the body's bytes. */
async function curl(url: string, ...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('curl', ['-sS', ...args, url], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

async function expose(page: Page, service: { name: string; host: string; backend: string }): Promise<void> {
  await page.keyboard.press('Escape')
  await page.goto(`${new URL(page.url()).origin}/#/expose`)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(service.name)
  await page.getByRole('textbox', { name: 'Host name' }).fill(service.host)
  await page.getByRole('textbox', { name: 'Address of the backend' }).fill(service.backend)
  await page.getByRole('button', { name: /^(Expose|Save)/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: service.name })).toBeVisible()
}

test('nginx, a WebSocket server and an event stream: exposed in the browser, fetched through the gateway', async ({
  consoleHost,
  page,
}) => {
  test.skip(!hasNginx, 'Debian’s nginx is not installed: apt-get install nginx-light')
  const [nginx, echo, events] = await Promise.all([startNginx(), startWsEcho({ greeting: 'hello' }), startSse()])
  writeFileSync(path.join(nginx.pages, 'large.bin'), randomBytes(8 * 1024 * 1024))
  const gateway = `http://127.0.0.1:${consoleHost.listenerPort}`

  await page.goto(consoleHost.link)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expose(page, { name: 'Welcome page', host: 'welcome.test', backend: nginx.url })
  await expose(page, { name: 'Echo', host: 'echo.test', backend: echo.url })
  await expose(page, { name: 'News', host: 'news.test', backend: events.url })

  // Pages, a page that is not there, a part of a file and a large one: what comes through is what a direct fetch gives.
  const fetches: [string, string[]][] = [
    ['/', []],
    ['/nowhere', []],
    ['/large.bin', []],
    ['/large.bin', ['-r', '1000-1999']],
  ]
  for (const [target, args] of fetches) {
    const direct = await curl(`${nginx.url}${target}`, ...args)
    const through = await curl(`${gateway}${target}`, '-H', 'Host: welcome.test', ...args)
    expect(through.equals(direct), `${target} ${args.join(' ')}`).toBe(true)
  }

  const socket = new WebSocket(`ws://127.0.0.1:${consoleHost.listenerPort}/`, { headers: { host: 'echo.test' } })
  const heard: string[] = []
  socket.on('message', (data: Buffer) => heard.push(data.toString()))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.send('there and back')
  await expect.poll(() => heard).toEqual(['hello', 'there and back'])
  socket.close()

  const abort = new AbortController()
  const stream = curlStream(`${gateway}/`, 'news.test', abort.signal)
  await expect.poll(() => events.clients()).toBe(1)
  events.send('first')
  await expect.poll(() => stream.text()).toBe('data: first\n\n')
  events.send('second')
  await expect.poll(() => stream.text()).toBe('data: first\n\ndata: second\n\n')
  abort.abort()

  await page.goto(`${consoleHost.origin}/#/services/welcome-page`)
  await expect(page.getByText(`${fetches.length} answers`)).toBeVisible()
  await page.goto(`${consoleHost.origin}/#/services`)
  await expect(page.getByRole('row', { name: /^Online Welcome page/ })).toContainText('http://welcome.test')
  await Promise.all([nginx.stop(), echo.stop(), events.stop()])
})

/** curl reading a stream that does not end by itself. */
function curlStream(url: string, host: string, signal: AbortSignal): { text(): string } {
  let text = ''
  const child = execFile('curl', ['-sSN', '-H', `Host: ${host}`, url], { signal }, () => undefined)
  child.stdout?.on('data', (chunk: string) => (text += chunk))
  return { text: () => text }
}
