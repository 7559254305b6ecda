import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Page, Response } from '@playwright/test'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { expect, test as base } from './console-test'
import { brokenRules } from './looks'

interface Hosted {
  readonly folder: string
  /** Where the gateway hosts it. */
  readonly origin: string
  readonly host: (more?: Partial<ServiceDocument>) => Promise<void>
}

const test = base.extend<{ readonly hosted: Hosted }>({
  hosted: async ({ consoleHost, gateway, atEnd }, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-e2e-'))
    atEnd(() => rmSync(folder, { recursive: true, force: true }))
    await use({
      folder,
      origin: `http://127.0.0.1:${consoleHost.listenerPort}`,
      host: (more = {}) =>
        gateway.save((document) => ({ ...document, services: [{ id: 'manuals', name: 'Manuals', type: 'files', root: folder, ...more }] })),
    })
  },
})

/** Where somebody who jumps to `seconds` lands; fails where the browser cannot seek. */
function seek(page: Page, seconds: number): Promise<number> {
  return page.evaluate(
    (to) =>
      new Promise<number>((resolve, reject) => {
        const video = document.querySelector('video')
        if (video === null) return reject(new Error('no video'))
        video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true })
        video.addEventListener('seeked', () => resolve(video.currentTime), { once: true })
        video.currentTime = to
      }),
    seconds,
  )
}

test('in a film one jumps to any place, and only the parts that are needed are fetched', async ({ hosted, page }) => {
  test.setTimeout(90_000)
  const film = path.join(hosted.folder, 'film.webm')
  // Noise does not compress: the film is far larger than what a browser fetches ahead.
  execFileSync('/usr/bin/ffmpeg', [
    '-loglevel',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x240:rate=10,noise=alls=60:allf=t',
    '-t',
    '60',
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-b:v',
    '4M',
    '-g',
    '50',
    '-cues_to_front',
    '1',
    film,
  ])
  writeFileSync(
    path.join(hosted.folder, 'player.html'),
    '<!doctype html><title>Film</title><video src="film.webm" preload="metadata" muted></video>',
  )
  await hosted.host()
  const parts: Response[] = []
  page.on('response', (response) => void (response.url().endsWith('/film.webm') && parts.push(response)))
  await page.goto(`${hosted.origin}/player.html`)
  await expect.poll(() => page.evaluate(() => document.querySelector('video')?.duration ?? 0)).toBeGreaterThan(59)
  for (const seconds of [50, 5, 58]) expect(Math.abs((await seek(page, seconds)) - seconds)).toBeLessThan(0.2)
  expect(await page.evaluate(() => document.querySelector('video')?.videoWidth)).toBe(320)
  expect(parts.map((response) => response.status())).toContain(206)
  const size = statSync(film).size
  const starts: number[] = []
  for (const part of parts) {
    const { 'content-range': range = '', 'content-type': type } = part.headers()
    // What the browser has already it may ask for again on condition.
    if (part.status() !== 206) continue
    expect(type).toBe('video/webm')
    const [, from = '', whole = ''] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range) ?? []
    expect(Number(whole)).toBe(size)
    starts.push(Number(from))
  }
  // It was not read through from the beginning.
  expect(Math.max(...starts)).toBeGreaterThan(size / 2)
})

test('a folder’s list is sorted by a click, leads on and back, and runs nothing that a name holds', async ({ hosted, page }) => {
  const { folder, origin } = hosted
  mkdirSync(path.join(folder, 'Handbücher'))
  const names = ['a small.txt', 'b large.txt', '<img src=x onerror=alert(1)>.txt', 'javascript:alert(1)', '".txt']
  for (const [index, name] of names.entries()) {
    writeFileSync(path.join(folder, name), 'x'.repeat(name === 'b large.txt' ? 5_000 : index + 1))
    utimesSync(path.join(folder, name), 1_700_000_000 + index * 86_400, 1_700_000_000 + index * 86_400)
  }
  writeFileSync(path.join(folder, 'Handbücher', 'eins.txt'), 'Seite eins')
  await hosted.host({ listing: true })
  const alarms: string[] = []
  page.on('dialog', (dialog) => {
    alarms.push(dialog.message())
    return dialog.dismiss()
  })
  page.on('console', (message) => void (message.type() === 'error' && !message.text().includes('favicon') && alarms.push(message.text())))
  await page.goto(origin)
  await expect(page.getByRole('heading', { name: 'Manuals' })).toBeVisible()
  const shown = (): Promise<string[]> => page.locator('tbody tr td:first-child').allTextContents()
  expect((await shown())[0]).toBe('Handbücher/')
  expect((await shown()).toSorted()).toEqual(['Handbücher/', ...names].toSorted())
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('link', { name: 'Size' }).click()
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'ascending')
  expect((await shown()).at(-1)).toBe('b large.txt')
  await page.getByRole('link', { name: 'Size' }).click()
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending')
  expect(await shown()).toEqual([
    'Handbücher/',
    'b large.txt',
    '".txt',
    'javascript:alert(1)',
    '<img src=x onerror=alert(1)>.txt',
    'a small.txt',
  ])
  await page.getByRole('link', { name: 'Changed' }).click()
  expect(await shown()).toEqual(['Handbücher/', ...names])
  await page.getByRole('link', { name: 'Handbücher/' }).click()
  await expect(page.getByRole('heading', { name: '/Handbücher/' })).toBeVisible()
  await page.getByRole('link', { name: 'Up one level' }).click()
  await expect(page.getByRole('heading', { name: 'Manuals' })).toBeVisible()
  await page.getByRole('link', { name: 'javascript:alert(1)' }).click({ trial: true })
  expect(
    await page
      .getByRole('link', { name: 'javascript:alert(1)' })
      .evaluate((link) => (link instanceof HTMLAnchorElement ? link.protocol : '')),
  ).toBe('http:')
  expect(alarms).toEqual([])
})

test('a folder’s list breaks no rule of accessibility, in light and dark, narrow and wide', async ({ hosted, page }) => {
  const { folder, origin } = hosted
  mkdirSync(path.join(folder, 'sub/empty'), { recursive: true })
  writeFileSync(path.join(folder, 'sub', `${'sehr-lang-'.repeat(20)}.txt`), 'x')
  await hosted.host({ listing: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [1_180, 360]) {
      await page.setViewportSize({ width, height: 700 })
      for (const target of ['/', '/sub/', '/sub/?sort=size&order=down', '/sub/empty/']) {
        await page.goto(origin + target)
        expect.soft(await brokenRules(page), `${target} ${colorScheme} ${width}`).toEqual([])
        expect
          .soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${target} ${width}`)
          .toBeLessThanOrEqual(0)
      }
    }
  }
})
