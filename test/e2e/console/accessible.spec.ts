import type { Locator, Page } from '@playwright/test'
import { freePort } from '../../support/free-port'
import { expect, openConsole, show, test } from './console-test'
import { checkLooks, type Look, PICTURES, WINDOWS, ZOOMED } from './looks'

const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenamt'
const LONG_HOST = 'rechtsschutzversicherungsgesellschaften.rindfleischetikettierungsueberwachung.grundstuecksverkehr.test'

const LOOKS: readonly Look[] = [
  ...WINDOWS,
  ZOOMED,
  ...(PICTURES === undefined ? [] : [{ name: 'dark', scheme: 'dark', width: 1180, height: 760, rules: false } as const]),
]

// Many states, each drawn and judged several times; a trace of it all would take most of the time.
test.use({ trace: 'off' })
test.describe.configure({ timeout: 60_000 })

const check = (page: Page, state: string, action?: Locator): Promise<void> => checkLooks(page, state, LOOKS, action)

test('first run, with much, with nothing, and signed out', async ({ consoleHost, page }) => {
  const found = [LONG_NAME, 'NAS', '', 'Jellyfin', 'Router'].map((title, at) => ({
    url: `http://localhost:${5050 + at}`,
    port: 5050 + at,
    program: at === 3 ? null : 'python3',
    pid: 42 + at,
    title: title || null,
    status: at === 4 ? 401 : 200,
    latency: 3,
    exposedBy: null,
  }))
  let empty = false
  await page.route('**/api/v1/discovery/scan', (route) => route.fulfill({ json: { found: empty ? [] : found, checked: 28, duration: 42 } }))
  await page.goto(consoleHost.link)
  await expect(page.getByText('NAS').first()).toBeVisible()
  await check(page, 'first run', page.getByRole('button', { name: 'Expose NAS' }))
  await page.getByRole('button', { name: 'Expose NAS' }).click()
  await page.getByRole('button', { name: `Expose ${LONG_NAME}` }).click()
  await expect(page.getByText('2 of 5 shared')).toBeVisible()
  await check(page, 'first run, shared', page.getByRole('button', { name: `Undo sharing ${LONG_NAME}` }))
  empty = true
  await page.getByRole('button', { name: 'Scan again' }).click()
  await expect(page.getByText('Nothing is running here yet.')).toBeVisible()
  await check(page, 'first run, nothing found', page.getByRole('button', { name: 'Go to services' }))
  await page.evaluate(() => sessionStorage.clear())
  await page.reload()
  await expect(page.getByRole('heading', { name: 'This page needs a sign-in link' })).toBeVisible()
  await check(page, 'signed out', page.getByRole('button', { name: 'Copy command' }))
})

test('services: none, many states, long names, menus, the palette', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link)
  await check(page, 'services, none', page.getByRole('button', { name: 'Expose a service' }))
  await gateway.add(
    { id: 'wiki', name: 'Office wiki', url },
    { id: 'long', name: LONG_NAME, hosts: [LONG_HOST], url },
    { id: 'down', name: 'Zeiterfassung', url: `http://127.0.0.1:${await freePort()}`, health: { interval: '2s', fall: 1 } },
    { id: 'lost', name: 'Fotos', url: 'http://nothing.invalid', health: { interval: '2s', fall: 1 } },
    { id: 'rest', name: 'Archiv', enabled: false, url },
    {
      id: 'pool',
      name: 'Shop',
      url,
      backends: [
        { id: 'app-1', url },
        { id: 'app-2', url: `http://127.0.0.1:${await freePort()}` },
        { id: 'app-3', url: 'http://127.0.0.1:9', role: 'backup' },
      ],
      health: { interval: '2s', fall: 1 },
    },
  )
  await gateway.ask('wiki.test')
  for (const name of ['Zeiterfassung', 'Fotos']) await expect(page.getByRole('row', { name: new RegExp(`^Down ${name}`) })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Needs attention Shop/ })).toBeVisible()
  // Rows move to their place as each is known; a press on one that moves away under it opens nothing.
  await expect(page.getByRole('row', { name: /^Checking/ })).toHaveCount(0)
  await check(page, 'services', page.getByRole('button', { name: 'Expose a service' }))
  // The look before changed the window's width: rows are laid out anew a moment later, and a menu that is open then closes.
  const menu = page.getByRole('menu')
  await expect
    .poll(async () => {
      if (await menu.isVisible()) return true
      await page.getByRole('button', { name: 'More actions for Fotos' }).click()
      return menu.isVisible()
    })
    .toBe(true)
  await check(page, 'services, row menu', page.getByRole('menuitem', { name: 'Edit' }))
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByLabel('Search services, addresses, settings').fill('do')
  await expect(page.getByRole('menuitem').first()).toContainText('Donau')
  await check(page, 'palette')
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Filter' }).fill('nothing like this')
  await check(page, 'services, no match', page.getByRole('button', { name: 'Show all' }))
})

test('a service: well, down, asked, off, and one that is not there', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend({
    handler: (request, response) => void response.writeHead(request.url === '/' ? 200 : request.url === '/moved' ? 301 : 503).end('ok'),
  })
  const dead = `http://127.0.0.1:${await freePort()}`
  const health = { interval: '2s', fall: 1 }
  await gateway.add(
    { id: 'long', name: LONG_NAME, hosts: [LONG_HOST, 'kurz.test'], url },
    {
      id: 'pool',
      name: 'Shop',
      url,
      backends: [
        { id: 'app-1', url: dead },
        { id: 'app-2', url, role: 'backup' },
      ],
      health,
    },
    { id: 'down', name: 'Zeiterfassung', url: dead, health },
    { id: 'rest', name: 'Archiv', enabled: false, url },
  )
  for (const target of ['/', '/moved', `/${'sehr-lang/'.repeat(30)}`, '/?q=1']) await gateway.ask(LONG_HOST, target)
  await gateway.ask('down.test')
  await openConsole(page, consoleHost.link, '#/services/long')
  const edit = page.getByRole('button', { name: 'Edit' })
  await expect(page.getByText('4 answers')).toBeVisible()
  await check(page, 'service', edit)
  await page.getByRole('button', { name: 'Show as table' }).click()
  await check(page, 'service, as table', edit)
  await page.getByRole('tab', { name: 'Requests' }).click()
  await expect(page.getByRole('row', { name: /301/ })).toBeVisible()
  await check(page, 'service, requests', page.getByRole('button', { name: /Pause/ }))
  await show(page, '#/services/pool')
  await expect(page.getByText(/runs on its backup/)).toBeVisible()
  await check(page, 'service on its backup', page.getByRole('button', { name: 'Check now' }))
  await page.getByRole('tab', { name: 'Health checks' }).click()
  await check(page, 'service, health checks', page.getByRole('button', { name: 'Check now: app-1' }))
  await show(page, '#/services/down')
  await expect(page.getByText(/Nobody can open/)).toBeVisible()
  await check(page, 'service, down', page.getByRole('button', { name: 'Check now' }))
  await show(page, '#/services/rest')
  await check(page, 'service, off', page.getByText('Off', { exact: true }))
  await gateway.save((document) => ({
    ...document,
    services: document.services?.map((service) =>
      service.id === 'rest'
        ? {
            ...service,
            enabled: true,
            backends: [
              { id: 'app-new-and-with-a-long-name', url, replaces: 'app-old' },
              { id: 'app-old', url, state: 'maintenance' },
              { id: 'spare', url: dead, state: 'draining' },
            ],
          }
        : service,
    ),
  }))
  await show(page, '#/services/rest')
  await expect(page.getByText('does the work of app-old')).toBeVisible()
  await check(page, 'service, swapped', page.getByRole('button', { name: 'Undo swap' }))
  await page.getByRole('button', { name: 'More for app-old' }).click()
  await check(page, 'service, menu of a backend', page.getByRole('menuitem', { name: 'Put back to work' }))
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Swap app-new-and-with-a-long-name' }).click()
  await check(page, 'service, swap dialog', page.getByRole('button', { name: 'Test and swap' }))
  await page.keyboard.press('Escape')
  await show(page, '#/services/nowhere')
  await check(page, 'service that is not there')
})

test('the form: empty, wrong everywhere, with everything open, asking', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({
    id: 'pool',
    name: LONG_NAME,
    hosts: [LONG_HOST],
    url,
    backends: [
      { id: 'app-1', url },
      { id: 'app-2', url: 'http://nothing.invalid', role: 'backup' },
      { id: 'app-3', url: 'https://127.0.0.1:9', tls: { verify: false } },
    ],
  })
  await openConsole(page, consoleHost.link, '#/expose')
  const save = page.getByRole('button', { name: 'Expose service' })
  await check(page, 'expose', save)
  await page.getByRole('textbox', { name: 'Host name' }).fill(LONG_HOST)
  await page.getByRole('textbox', { name: 'Port' }).fill('70000')
  await page.getByRole('textbox', { name: 'Path' }).fill('/a b')
  await page.getByRole('textbox', { name: 'Address of the backend' }).fill(`127.0.0.1:${consoleHost.listenerPort}`)
  await save.click()
  await expect(page.getByText(/things to fix/)).toBeVisible()
  await check(page, 'expose, wrong', save)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog', { name: 'Discard your changes?' })).toBeVisible()
  await check(page, 'expose, discard', page.getByRole('button', { name: 'Keep editing' }))
  await page.getByRole('alertdialog', { name: 'Discard your changes?' }).getByRole('button', { name: 'Discard' }).click()
  await show(page, '#/services/pool/edit')
  await page.getByRole('button', { name: 'Health checks, limits, maintenance page' }).click()
  await expect(page.getByText(/nothing\.invalid has no address/)).toBeVisible()
  await check(page, 'edit', page.getByRole('button', { name: 'Save changes' }))
})
