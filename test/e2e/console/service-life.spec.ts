import type { Page, Route } from '@playwright/test'
import { ask } from '../../support/ask'
import { until } from '../../support/until'
import { serveConsole } from '../fixtures/serve-console'
import { expect, gatewayOf, message, openConsole, show, test } from './console-test'

async function fromMenu(page: Page, service: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `More actions for ${service}` }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

function undo(page: Page, summary: string): Promise<void> {
  return message(page, summary).getByRole('button', { name: 'Undo' }).click()
}

test('an edited service answers anew at once, and Undo brings back what it did before', async ({ consoleHost, gateway, backend, page }) => {
  const [a, b] = [await backend({ name: 'a' }), await backend({ name: 'b' })]
  await gateway.add({ id: 'wiki', name: 'Wiki', url: a.url })
  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  await page.getByRole('textbox', { name: 'Address of the backend' }).fill(b.url)
  await page.getByRole('textbox', { name: 'Host name' }).fill('docs.test')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect.poll(async () => (await gateway.ask('docs.test')).text).toContain('"name":"b"')
  expect(await gateway.statusOf('wiki.test')).toBe(404)
  await undo(page, 'Changed Wiki')
  await expect.poll(async () => (await gateway.ask('wiki.test')).text).toContain('"name":"a"')
  expect(await gateway.statusOf('docs.test')).toBe(404)
})

test('off, on, cloned, deleted: each acts at once and can be taken back, by button or Ctrl Z', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  const row = page.getByRole('row', { name: /Wiki/ })
  await expect(row).toHaveAccessibleName(/^Online Wiki/)

  await fromMenu(page, 'Wiki', 'Switch off')
  await expect.poll(() => gateway.statusOf('wiki.test')).not.toBe(200)
  await expect(row).toHaveAccessibleName(/^Switched off Wiki/)
  await undo(page, 'Switched Wiki off')
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)

  await fromMenu(page, 'Wiki', 'Switch off')
  await expect.poll(() => gateway.statusOf('wiki.test')).not.toBe(200)
  await fromMenu(page, 'Wiki', 'Switch on')
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  await expect(message(page, 'Switched Wiki on')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect.poll(() => gateway.statusOf('wiki.test')).not.toBe(200)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)

  await fromMenu(page, 'Wiki', 'Clone')
  const copy = page.getByRole('row', { name: /Wiki copy/ })
  await expect(copy).toBeVisible()
  const address = new URL((await copy.getByRole('link').getAttribute('href')) ?? '')
  // Everything but name and port is the original's, its host name too.
  expect(address.hostname).toBe('wiki.test')
  await expect.poll(() => ask(Number(address.port), '/', { headers: { host: 'wiki.test' } }).then(({ status }) => status, String)).toBe(200)
  expect(await gateway.statusOf('wiki.test')).toBe(200)
  await undo(page, 'Cloned Wiki')
  await expect(copy).toBeHidden()

  await fromMenu(page, 'Wiki', 'Delete')
  await expect(page.getByText('Nothing is shared yet')).toBeVisible()
  await expect(message(page, 'Deleted Wiki')).toBeVisible()
  expect(await gateway.statusOf('wiki.test')).toBe(404)
  await page.keyboard.press('Control+z')
  await expect(row).toBeVisible()
  await expect(
    message(page, 'Deleted Wiki').getByRole('button', { name: 'Undo' }),
    'what Ctrl Z took back is not offered again',
  ).toBeHidden()
  expect(await gateway.statusOf('wiki.test')).toBe(200)
})

test('deleting from a service’s own screen leads to the list and can be taken back', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  await page.getByRole('button', { name: 'More for Wiki' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Services' })).toBeVisible()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(404)
  await undo(page, 'Deleted Wiki')
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  await show(page, '#/services/wiki')
  await expect(page.getByRole('heading', { level: 1, name: 'Wiki' })).toBeFocused()
  // With a request under way it would ask first.
  await expect(page.getByRole('region', { name: 'Answers' }).getByText('Open now').locator('..')).toHaveText('Open now0')
  await page.getByRole('switch', { name: 'Wiki is switched on' }).press('Space')
  await expect.poll(() => gateway.statusOf('wiki.test')).not.toBe(200)
})

test('nothing is lost when the whole gateway is killed and started again', async ({ consoleHost, gateway, backend, atEnd, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url }, { id: 'rest', name: 'Resting', enabled: false, url })
  await openConsole(page, consoleHost.link)
  await fromMenu(page, 'Wiki', 'Edit')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Office wiki')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(message(page, 'Changed Office wiki')).toBeVisible()
  const before = await gateway.document()
  const engine = (await gateway.status()).engine.pid ?? 0

  process.kill(consoleHost.pid, 'SIGKILL')
  await until('the host has ended', () => !isRunning(consoleHost.pid))
  expect(await gateway.statusOf('wiki.test')).toBe(200)
  process.kill(engine, 'SIGKILL')
  await until('the engine has ended', () => !isRunning(engine))
  await expect(page.getByText('Reconnecting to the gateway.')).toBeVisible()
  const again = await serveConsole(consoleHost, Number(new URL(consoleHost.origin).port))
  atEnd(() => again.stop())

  expect(await gatewayOf({ ...consoleHost, ...again }).document()).toEqual(before)
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  expect(await gateway.statusOf('rest.test')).not.toBe(200)
  await expect(page.getByRole('heading', { level: 1, name: 'This page needs a sign-in link' })).toBeVisible()
  // The link differs from this page only behind its #, and signing in loads the page anew: as a person does, from another one.
  await page.goto('about:blank')
  await openConsole(page, again.link)
  await expect(page.getByRole('row', { name: /^Online Office wiki/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Switched off Resting/ })).toBeVisible()
  await show(page, '#/settings')
  await page.getByRole('tab', { name: 'History' }).click()
  await expect(page.getByRole('list', { name: 'Versions, newest first' })).toContainText('Changed Office wiki')
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // ESRCH: there is no such process
  }
}

test('a change in one window shows in the other, and two edits of one service are told as a conflict', async ({
  consoleHost,
  gateway,
  backend,
  context,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  const other = await context.newPage()
  await openConsole(other, gateway.link())
  await fromMenu(other, 'Wiki', 'Switch off')
  await expect(page.getByRole('row', { name: /^Switched off Wiki/ })).toBeVisible()
  await fromMenu(page, 'Wiki', 'Switch on')
  await expect(other.getByRole('row', { name: /^Online Wiki/ })).toBeVisible()

  for (const tab of [page, other]) await show(tab, '#/services/wiki/edit')
  await other.getByRole('textbox', { name: 'Name', exact: true }).fill('Theirs')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine')
  await other.getByRole('button', { name: 'Save changes' }).click()
  await expect(other.getByRole('heading', { level: 1, name: 'Theirs' })).toBeVisible()
  await page.getByRole('button', { name: 'Save changes' }).click()
  const moved = page.getByRole('dialog', { name: 'Wiki was changed meanwhile' })
  await expect(moved).toContainText('Someone else saved a change to it')
  expect((await gateway.document()).document.services?.[0]?.name).toBe('Theirs')
  await moved.getByRole('button', { name: 'Save mine' }).click()
  await expect(other.getByRole('heading', { level: 1, name: 'Mine' })).toBeVisible()
})

test('a script that saves between reading and writing is refused with 409; the window saves on top of what is there', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  const statuses: number[] = []
  page.on('response', (answer) => void (answer.request().method() === 'PUT' && statuses.push(answer.status())))
  // Another writer gets in before the window’s own save, once.
  const sneakIn = async (route: Route): Promise<void> => {
    await gateway.add({ id: 'news', name: 'News', url })
    await route.continue()
  }
  await page.route(/\/api\/v1\/config\?/, sneakIn, { times: 1 })
  await fromMenu(page, 'Wiki', 'Switch off')
  await expect(message(page, 'Switched Wiki off')).toBeVisible()
  expect(statuses).toEqual([409, 200])
  await expect(page.getByRole('row', { name: /^Online News/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Switched off Wiki/ })).toBeVisible()
})
