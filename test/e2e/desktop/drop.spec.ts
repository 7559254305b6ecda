import type { Page } from '@playwright/test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '../fixtures/desktop'
import type { DesktopApp } from '../fixtures/desktop-app'

const made: string[] = []

test.afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-drop-'))
  made.push(parent)
  const folder = path.join(parent, 'Delivered plans')
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'plan.txt'), 'a plan')
  return folder
}

async function services(app: DesktopApp): Promise<Page> {
  const page = await app.window()
  await page.evaluate(() => {
    localStorage.setItem('astrorelay-first-run', 'done')
    window.location.hash = '#/services'
    window.location.reload()
  })
  await expect(page.getByRole('heading', { level: 1, name: 'Services' })).toBeVisible()
  return page
}

/** As a file manager does it: Chromium takes the drop; the stand-in is told on the document where it lies, the real Electron knows. */
async function drop(page: Page, file: string): Promise<void> {
  await page.evaluate((file) => {
    document.documentElement.dataset['standinPaths'] = JSON.stringify({ [file.split('/').at(-1) ?? '']: file })
  }, file)
  const browser = await page.context().newCDPSession(page)
  const data = { items: [], files: [file], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const) await browser.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data })
  await expect(page.getByText('Drop a folder to host it')).toBeVisible()
  await browser.send('Input.dispatchDragEvent', { type: 'drop', x: 300, y: 300, data })
}

test('a folder that is dropped on the list opens the form with its path and name, and is hosted', async ({ launch, place }) => {
  const app = await launch()
  const page = await services(app)
  const folder = makeFolder()
  await drop(page, folder)
  await expect(page.getByRole('radio', { name: 'Files' })).toBeChecked()
  await expect(page.getByRole('textbox', { name: 'Folder' })).toHaveValue(folder)
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Delivered plans')
  await page.getByRole('button', { name: 'Expose service' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Delivered plans' })).toBeVisible()
  await expect.poll(() => fetch(`http://127.0.0.1:${place.listenerPort}/plan.txt`).then((answer) => answer.text(), String)).toBe('a plan')
})

test('a file that is dropped is answered in words', async ({ launch }) => {
  const page = await services(await launch())
  await drop(page, path.join(makeFolder(), 'plan.txt'))
  await expect(page.getByRole('alertdialog').filter({ hasText: '“plan.txt” is a file. Folders are hosted.' })).toBeVisible()
  await expect(page.getByText('Drop a folder to host it')).toHaveCount(0)
})

test('a folder is chosen in the system’s dialog; without a choice nothing changes', async ({ launch }) => {
  const app = await launch()
  const page = await services(app)
  const folder = makeFolder()
  await page.evaluate(() => {
    window.location.hash = '#/expose?kind=files'
  })
  const field = page.getByRole('textbox', { name: 'Folder' })
  const choose = page.getByRole('button', { name: 'Choose folder…' })
  const answer = (filePaths: string[]): Promise<void> =>
    app.electron.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths })
    }, filePaths)
  await answer([folder])
  await choose.click()
  await expect(field).toHaveValue(folder)
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Delivered plans')
  await answer([])
  await choose.click()
  await expect(choose).toBeEnabled()
  await expect(field).toHaveValue(folder)
})
