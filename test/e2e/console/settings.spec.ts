import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { ask } from '../../support/ask'
import { freePort } from '../../support/free-port'
import { expect, message, openConsole, test } from './console-test'

async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click()
}

function chooseFile(page: Page, name: string, text: string): Promise<void> {
  return page.getByLabel('Configuration file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
}

/** What the wiki answers on a port; null where nobody listens. */
function on(port: number): Promise<number | null> {
  return ask(port, '/', { headers: { host: 'wiki.test' } }).then(
    ({ status }) => status,
    () => null,
  )
}

test('the look is chosen at once, kept, and follows the system where that is chosen', async ({ consoleHost, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await openConsole(page, consoleHost.link, '#/settings')
  const root = page.locator('html')
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('radio', { name: 'Light' }).click()
  await expect(root).toHaveAttribute('data-theme', 'light')
  await page.reload()
  await expect(root).toHaveAttribute('data-theme', 'light')
  await page.getByRole('radio', { name: 'Match system' }).click()
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(root).toHaveAttribute('data-theme', 'light')
  await expect(page.getByText(consoleHost.dataDir, { exact: true })).toBeVisible()
  await expect(page.getByText(consoleHost.configFile, { exact: true })).toBeVisible()
})

test('ports are added, changed and removed, and each answers or stops answering at once', async ({
  consoleHost,
  gateway,
  backend,
  takenPort,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  const [first, second] = [await freePort(), await freePort()]
  const taken = takenPort.port
  await openConsole(page, consoleHost.link, '#/settings')
  await openTab(page, 'Gateway')

  await page.getByRole('button', { name: 'Add a port' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a port' })
  const port = dialog.getByRole('textbox', { name: 'Port' })
  await expect(port).toBeFocused()
  for (const [typed, sentence] of [
    ['0', /1 (to|and) 65535/],
    ['70000', /1 (to|and) 65535/],
    ['abc', /1 (to|and) 65535/],
    [String(consoleHost.listenerPort), /already uses port/],
  ] as const) {
    await port.fill(typed)
    await dialog.getByRole('button', { name: 'Open port' }).click()
    await expect(port).toHaveAccessibleDescription(sentence)
  }
  await dialog
    .getByRole('button', { name: /^Listen on/ })
    .or(dialog.getByLabel('Listen on'))
    .first()
    .click()
  await page.getByRole('option', { name: /This computer only/ }).click()
  await port.fill(String(taken))
  await expect(port).toHaveAccessibleDescription(new RegExp(`Port ${taken} is in use by node.* \\(pid ${process.pid}\\)`))
  await port.fill(String(first))
  await dialog.getByRole('button', { name: 'Open port' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(() => on(first)).toBe(200)
  await expect(page.getByRole('row', { name: new RegExp(`${first}`) })).toContainText('Open')

  await page.getByRole('button', { name: `Actions for port ${first}` }).click()
  await page.getByRole('menuitem', { name: 'Change' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Port' }).fill(String(second))
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => on(second)).toBe(200)
  expect(await on(first)).toBe(null)

  await page.getByRole('button', { name: `Actions for port ${second}` }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect.poll(() => on(second)).toBe(null)
  await message(page, `Closed port ${second}`).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => on(second)).toBe(200)
  expect(await on(consoleHost.listenerPort)).toBe(200)
})

test('a port that is the only one of a service is not taken from it', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  const port = await freePort()
  await gateway.save((before) => ({
    ...before,
    listeners: [...(before.listeners ?? []), { id: 'own', address: '127.0.0.1', port, protocol: 'http' }],
  }))
  await gateway.add({ id: 'wiki', name: 'Wiki', listeners: ['own'], url })
  await openConsole(page, consoleHost.link, '#/settings')
  await openTab(page, 'Gateway')
  await page.getByRole('button', { name: `Actions for port ${port}` }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(page.getByRole('dialog', { name: `Port ${port} is in use` })).toContainText('Wiki has no other port')
  await page.getByRole('button', { name: 'OK' }).click()
  expect((await ask(port, '/', { headers: { host: 'wiki.test' } })).status).toBe(200)
})

test('history says what changed, and restoring an earlier version acts live and can be undone', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const [a, b] = [await backend({ name: 'a' }), await backend({ name: 'b' })]
  await gateway.add({ id: 'wiki', name: 'Wiki', url: a.url })
  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  await page.getByRole('textbox', { name: 'Address of the backend' }).fill(b.url)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(message(page, 'Changed Wiki')).toBeVisible()
  await page.getByRole('link', { name: 'Settings' }).click()
  await openTab(page, 'History')
  const versions = page.getByRole('list', { name: 'Versions, newest first' }).getByRole('button')
  await expect(versions.first()).toContainText('Changed Wiki')
  await expect(page.getByRole('region', { name: 'Changed Wiki' })).toContainText(a.url)
  await expect(page.getByRole('region', { name: 'Changed Wiki' })).toContainText(b.url)
  await versions.nth(1).click()
  await page.getByRole('button', { name: 'Restore this version' }).click()
  await page
    .getByRole('alertdialog', { name: /^Go back to/ })
    .getByRole('button', { name: 'Restore' })
    .click()
  await expect.poll(async () => (await gateway.ask('wiki.test')).text).toContain('"name":"a"')
  await message(page, /^Restored/)
    .getByRole('button', { name: 'Undo' })
    .click()
  await expect.poll(async () => (await gateway.ask('wiki.test')).text).toContain('"name":"b"')
})

test('what was exported makes the same gateway when it is imported', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url }, { id: 'rest', name: 'Resting', enabled: false, url })
  const before = (await gateway.document()).document
  await openConsole(page, consoleHost.link, '#/settings')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()])
  expect(download.suggestedFilename()).toMatch(/^astrorelay-\d{4}-\d\d-\d\d\.json$/)
  const text = readFileSync(await download.path(), 'utf8')
  expect(JSON.parse(text)).toEqual(before)

  await gateway.save((document) => ({ ...document, services: [] }))
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(404)
  await chooseFile(page, 'backup.json', text)
  const question = page.getByRole('dialog', { name: 'Import backup.json?' })
  await expect(question).toContainText('2 services')
  await question.getByRole('button', { name: 'Import' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  expect((await gateway.document()).document).toEqual(before)
  await message(page, 'Imported backup.json').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(404)
})

test('a file that cannot be imported is refused with every place that is wrong; nothing changes', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  const before = await gateway.document()
  await openConsole(page, consoleHost.link, '#/settings')
  const refused = page.getByRole('dialog', { name: 'This file cannot be imported' })
  const wrong = {
    version: 1,
    listeners: [{ id: 'web', port: 70000 }],
    services: [
      { id: 'a', colour: 'red', backends: [{ id: 'main', url: 'nonsense' }] },
      { id: 'a', backends: [{ id: 'main', url }] },
    ],
  }
  const cases: readonly [text: string, words: readonly (string | RegExp)[]][] = [
    ['{ "version": 1, ', [/no JSON document/]],
    ['[]', [/./]],
    [JSON.stringify({ version: 99 }), [/format version 99/, /Update AstroRelay/]],
    [JSON.stringify(wrong), ['listeners[0].port', 'services[0].backends[0].url', /colour/]],
    [
      JSON.stringify({
        ...before.document,
        services: [...(before.document.services ?? []), { id: 'wiki', backends: [{ id: 'main', url }] }],
      }),
      ['services[1].id', /already used/],
    ],
  ]
  for (const [text, words] of cases) {
    await chooseFile(page, 'broken.json', text)
    await expect(refused).toBeVisible()
    for (const word of words) await expect(refused).toContainText(word)
    await refused.getByRole('button', { name: 'OK' }).click()
    await expect(refused).toBeHidden()
  }
  expect(await gateway.document()).toEqual(before)
  expect(await gateway.statusOf('wiki.test')).toBe(200)
})

test('what answers and silent connections may take is written where it says so, and what is wrong is told at its field', async ({
  consoleHost,
  page,
}) => {
  await openConsole(page, consoleHost.link, '#/settings')
  await openTab(page, 'Gateway')
  const [head, wait] = [
    page.getByRole('textbox', { name: 'Largest head of an answer' }),
    page.getByRole('textbox', { name: 'Silent connections stay open for' }),
  ]
  await head.fill('2MB')
  await wait.fill('soon')
  await expect(page.getByText('choose a size from 4KB to 1MB', { exact: false })).toBeVisible()
  await expect(page.getByText('write a duration such as 500ms, 5s, 2m, 1h or 30d', { exact: false })).toBeVisible()
  await head.fill('64KB')
  await wait.fill('2m')
  await page.getByRole('button', { name: 'Save limits' }).click()
  await expect
    .poll(() => (JSON.parse(readFileSync(consoleHost.configFile, 'utf8')) as { settings?: unknown }).settings)
    .toMatchObject({ limits: { answerHeaderBytes: '64KB' }, timeouts: { keepAlive: '2m' } })
})
