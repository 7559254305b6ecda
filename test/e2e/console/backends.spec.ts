import type { ServerResponse } from 'node:http'
import { ask } from '../../support/ask'
import { expect, message, openConsole, test } from './console-test'

test('a backend drained by key finishes what it has, becomes maintenance by itself, and is put back', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const held: ServerResponse[] = []
  const a = await backend({
    name: 'a',
    handler: (request, response) => void (request.url === '/long' ? held.push(response) : response.end('a')),
  })
  const b = await backend({ name: 'b', handler: (_, response) => void response.end('b') })
  await gateway.add({
    id: 'wiki',
    name: 'Office wiki',
    url: a.url,
    health: { type: 'off' },
    backends: [
      { id: 'a', url: a.url },
      { id: 'b', url: b.url },
    ],
  })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  const row = page.getByRole('row', { name: /^a Primary/ })
  const visit = async (path: string): Promise<string> =>
    (await ask(consoleHost.listenerPort, path, { headers: { host: 'wiki.test' } })).text
  // Every other visit goes to a.
  const long = Promise.all([visit('/long'), visit('/long')])
  await expect(row.getByRole('cell', { name: '1', exact: true })).toBeVisible()
  await row.getByRole('button', { name: 'Swap a' }).focus()
  await page.keyboard.press('d')
  await expect(message(page, 'a finishes what it has and gets nothing new')).toBeVisible()
  await expect(row).toContainText('Draining, 1 left')
  await expect(row).toContainText('1 request still running; 4 min to go at most')
  expect(new Set(await Promise.all(Array.from({ length: 6 }, () => visit('/'))))).toEqual(new Set(['b']))
  for (const response of held) response.end('long a')
  expect((await long).toSorted()).toEqual(['b', 'long a'])
  await expect(row).toContainText('Maintenance')
  await row.getByRole('button', { name: 'Put back a' }).click()
  await expect(message(page, 'a takes requests again')).toBeVisible()
  await expect.poll(() => visit('/')).toBe('a')
})

test('what runs on a backend is cut only after a question, and the last one is drained only after one', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const a = await backend({ handler: () => undefined })
  await gateway.add({ id: 'wiki', name: 'Office wiki', url: a.url, health: { type: 'off' }, backends: [{ id: 'a', url: a.url }] })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  const visit = ask(consoleHost.listenerPort, '/', { headers: { host: 'wiki.test' } }).then(
    ({ status }) => status,
    () => 0,
  )
  const row = page.getByRole('row', { name: /^a Primary/ })
  await expect(row.getByRole('cell', { name: '1', exact: true })).toBeVisible()
  const choose = async (action: string): Promise<void> => {
    await row.getByRole('button', { name: 'More for a' }).click()
    await page.getByRole('menuitem', { name: action }).click()
  }
  await choose('Drain')
  const last = page.getByRole('alertdialog', { name: 'Drain the last backend of Office wiki?' })
  await expect(last).toContainText('No other backend can take new requests')
  await last.getByRole('button', { name: 'Drain' }).click()
  await expect(page.locator('.service-title')).toContainText('Draining, 1 left')
  await choose('Cut what runs on it…')
  const cut = page.getByRole('alertdialog', { name: 'Cut 1 connection?' })
  await expect(cut.getByRole('button', { name: 'Wait' })).toBeFocused()
  await cut.getByRole('button', { name: 'Cut now' }).click()
  await expect(message(page, 'a is in maintenance')).toBeVisible()
  expect([0, 502, 503]).toContain(await visit)
  await expect(page.locator('.service-title')).toContainText('Maintenance')
})

test('a swap is refused with the reason, done, shown and taken back', async ({ consoleHost, gateway, backend, takenPort, page }) => {
  const a = await backend({ handler: (_, response) => void response.end('old') })
  const b = await backend({ handler: (_, response) => void response.end('new') })
  await gateway.add({ id: 'wiki', name: 'Office wiki', url: a.url, backends: [{ id: 'a', url: a.url }] })
  const visit = async (): Promise<string> => (await ask(consoleHost.listenerPort, '/', { headers: { host: 'wiki.test' } })).text
  await openConsole(page, consoleHost.link, '#/services/wiki')
  await page.getByRole('button', { name: 'Swap a' }).click()
  const dialog = page.getByRole('dialog', { name: 'Swap a for another server' })
  const address = dialog.getByRole('textbox', { name: 'Address of the new server' })
  await takenPort.letGo()
  await address.fill(`http://127.0.0.1:${takenPort.port}`)
  await dialog.getByRole('button', { name: 'Test and swap' }).click()
  await expect(dialog).toContainText(`Nothing answers on port ${takenPort.port}`)
  expect(await visit()).toBe('old')
  await address.fill(b.url)
  await dialog.getByRole('button', { name: 'Test and swap' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(visit).toBe('new')
  await expect(page.getByRole('status').filter({ hasText: /does the work of a/ })).toBeVisible()
  await page.getByRole('button', { name: 'Undo swap' }).click()
  await expect.poll(visit).toBe('old')
  await expect(page.getByRole('button', { name: 'Undo swap' })).toBeHidden()
})

test('a dead primary: its backup answers, the screen says so at once, and what happened stays to be read', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const a = await backend({ name: 'a' })
  const b = await backend({ name: 'b' })
  await gateway.add({
    id: 'wiki',
    name: 'Office wiki',
    url: a.url,
    health: { interval: '1s', timeout: '500ms', fall: 1, rise: 1 },
    backends: [
      { id: 'a', url: a.url },
      { id: 'b', url: b.url, role: 'backup' },
    ],
  })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  await expect(page.locator('.service-title')).toContainText('Online')
  await a.stop()
  await expect(page.locator('.service-title')).toContainText('On backup')
  await expect(page.getByText('Office wiki runs on its backup, b.')).toBeVisible()
  await page.getByRole('button', { name: 'Mute 1 hour' }).click()
  await expect(page.getByRole('button', { name: 'Tell me again' })).toBeVisible()
  expect((await gateway.document()).document.services?.[0]?.alerts?.muteUntil).toMatch(/^20/)
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('connection refused')
  const past = page.getByRole('slider', { name: /^a: up .* down once$/ })
  await past.focus()
  await expect(past).toHaveAttribute('aria-valuetext', /, down /)
  await page.keyboard.press('ArrowLeft')
  await expect(past).toHaveAttribute('aria-valuetext', /, not watched$/)
  await page.getByRole('tab', { name: 'Health checks' }).click()
  const tab = page.getByRole('region', { name: 'Health checks' })
  await expect(tab).toContainText('AstroRelay opens a connection every 1 s and waits 500 ms at most.')
  await tab.getByRole('button', { name: 'Check now: a' }).click()
  await expect(
    message(page, 'a is down')
      .or(page.getByRole('alert').filter({ hasText: 'a is down' }))
      .first(),
  ).toBeVisible()
  expect((await ask(consoleHost.listenerPort, '/', { headers: { host: 'wiki.test' } })).text).toContain('"name":"b"')
})

test('all visitors see the maintenance page from a menu, and the service again', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  await page.getByRole('button', { name: 'More for Office wiki' }).click()
  await page.getByRole('menuitem', { name: 'Show maintenance page' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(503)
  await expect(page.locator('.service-title')).toContainText('Maintenance')
  await message(page, 'Visitors of Office wiki see the maintenance page').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
})

test('a new address that does not answer is taken back by itself, and the page says so', async ({
  consoleHost,
  gateway,
  backend,
  takenPort,
  page,
}) => {
  const a = await backend({ handler: (_, response) => void response.end('old') })
  await takenPort.letGo()
  const gone = `http://127.0.0.1:${takenPort.port}`
  await gateway.add({ id: 'wiki', name: 'Office wiki', url: a.url, health: { interval: '1s', timeout: '500ms', fall: 1, rise: 1 } })
  await expect.poll(async () => (await gateway.status()).services[0]?.backends[0]?.health).toBe('up')
  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  await page.getByRole('textbox', { name: 'Address of the backend' }).fill(gone)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('main of Office wiki has its old address back')).toBeVisible()
  expect((await gateway.document()).document.services?.[0]?.backends?.[0]?.url).toBe(a.url)
  await expect.poll(async () => (await gateway.ask('wiki.test')).text).toBe('old')
})

test('a swap under traffic loses no request, and one whose server fails is rolled back and told', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  let well = true
  const a = await backend({ handler: (_, response) => void response.end('old') })
  const b = await backend({ handler: (_, response) => void response.writeHead(well ? 200 : 500).end('new') })
  await gateway.add({
    id: 'wiki',
    name: 'Office wiki',
    url: a.url,
    health: { path: '/', interval: '1s', timeout: '500ms', fall: 1, rise: 1 },
    backends: [{ id: 'a', url: a.url }],
  })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  const answers = new Map<string, number>()
  const over = new AbortController()
  const load = (async () => {
    while (!over.signal.aborted) {
      const { status, text } = await gateway.ask('wiki.test')
      if (well) answers.set(`${status} ${text}`, (answers.get(`${status} ${text}`) ?? 0) + 1)
    }
  })()
  // By keyboard alone: the row is chosen by a click, S opens the dialog, and its one field has the focus.
  await page
    .getByRole('row', { name: /^a Primary/ })
    .getByText('Primary')
    .click()
  await page.keyboard.press('s')
  await expect(page.getByRole('textbox', { name: 'Address of the new server' })).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.keyboard.type(b.url)
  await page.keyboard.press('Enter')
  await expect.poll(() => answers.get('200 new') ?? 0).toBeGreaterThan(5)
  expect([...answers.keys()].toSorted()).toEqual(['200 new', '200 old'])
  well = false
  await expect(page.getByText('The swap in Office wiki was taken back')).toBeVisible()
  over.abort()
  await load
  await expect.poll(async () => (await gateway.ask('wiki.test')).text).toBe('old')
})

test('the maintenance page is seen while it is written, and the last backend is taken out only after a question', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const a = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url: a.url, health: { type: 'off' }, backends: [{ id: 'a', url: a.url }] })
  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  const group = page.getByRole('group', { name: 'Maintenance page' })
  await expect(group.getByRole('figure')).toContainText('Away for a moment')
  await group.getByRole('textbox', { name: 'Title of the page' }).fill('Back at six')
  await group.getByRole('textbox', { name: 'Programs may ask again after' }).fill('90s')
  await expect(group.getByRole('figure')).toContainText('Back at six')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Office wiki' })).toBeVisible()
  await page.getByRole('button', { name: 'Swap a' }).focus()
  await page.keyboard.press('m')
  const last = page.getByRole('alertdialog', { name: 'Take out the last backend of Office wiki?' })
  await expect(last).toContainText('No other backend can take new requests')
  await last.getByRole('button', { name: 'Take out' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(503)
  const { text, headers } = await gateway.ask('wiki.test')
  expect(text).toContain('Back at six')
  expect(headers['retry-after']).toBe('90')
  // U mutes for an hour, and tells again.
  await page.keyboard.press('u')
  await expect.poll(async () => (await gateway.document()).document.services?.[0]?.alerts?.muteUntil).toMatch(/^20/)
})
