import type { Locator, Page } from '@playwright/test'
import { ask } from '../../support/ask'
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

test('settings: every tab, its dialogs, and what is wrong with the gateway', async ({ consoleHost, gateway, backend, takenPort, page }) => {
  const { url } = await backend()
  const { port } = takenPort
  await gateway.add({ id: 'long', name: LONG_NAME, hosts: [LONG_HOST], url })
  await gateway.save((before) => ({ ...before, settings: { trustedProxies: ['192.0.2.0/24', '2001:db8:1234:5678:9abc:def0:1234:5678'] } }))
  await openConsole(page, consoleHost.link, '#/settings')
  const dialog = page.getByRole('dialog')
  await check(page, 'settings, general', page.getByRole('button', { name: 'Export' }))
  await page.getByRole('tab', { name: 'About' }).click()
  await check(page, 'settings, about')
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('list', { name: 'Versions, newest first' }).getByRole('button').nth(1).click()
  await check(page, 'settings, history', page.getByRole('button', { name: 'Restore this version' }))
  await page.getByLabel('Configuration file').setInputFiles({
    name: `${LONG_NAME}.json`,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ version: 1, listeners: [{ id: 'A', port: 0 }], services: [{ id: 'a', backends: [] }] })),
  })
  await expect(dialog).toBeVisible()
  await check(page, 'settings, refused import', dialog.getByRole('button', { name: 'OK' }))
  await dialog.getByRole('button', { name: 'OK' }).click()
  await page.getByRole('tab', { name: 'Gateway' }).click()
  await page.getByRole('button', { name: 'Add a port' }).click()
  await dialog.getByRole('textbox', { name: 'Port' }).fill(String(port))
  await expect(dialog.getByText(/is in use by/)).toBeVisible()
  await check(page, 'settings, add a port', dialog.getByRole('button', { name: 'Open port' }))
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await gateway.save((before) => ({
    ...before,
    listeners: [...(before.listeners ?? []), { id: 'second', address: '127.0.0.1', port, protocol: 'http' }],
  }))
  await expect(page.getByText(`Port ${port} is taken`)).toBeVisible()
  await check(page, 'settings, gateway, taken port', page.getByRole('button', { name: /^Use port/ }))
  await page.getByRole('button', { name: /^Gateway actions/ }).click()
  await page.getByRole('menuitem', { name: 'Stop' }).click()
  await check(page, 'stop the gateway', page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }))
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('The gateway is stopped')).toBeVisible()
  await show(page, '#/services')
  await check(page, 'services, stopped gateway', page.getByRole('button', { name: 'Start gateway' }))
})

test('access: lists, rules, a verdict, blocked addresses, ready-made lists, dialogs; activity: much, one request, nothing', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link, '#/access')
  await expect(page.getByText('Nobody is blocked.')).toBeVisible()
  await check(page, 'access, nothing yet', page.getByRole('button', { name: 'New list' }))
  const rules = [
    { action: 'deny' as const, from: '203.0.113.66', note: 'Hartmann guest Wi-Fi' },
    { action: 'allow' as const, from: '203.0.113.64/28', note: LONG_NAME },
    { action: 'allow' as const, from: '2001:db8:40:ffff:ffff:ffff:ffff:0/112', until: '2039-01-01T00:00:00Z' },
    { action: 'deny' as const, from: '203.0.113.0/24', note: 'Rest of that provider' },
    { action: 'deny' as const, from: '203.0.113.7', until: '2001-01-01T00:00:00Z' },
  ]
  await gateway.save((document) => ({
    ...document,
    accessLists: [
      { id: 'contractors', name: 'Contractors', rules },
      { id: 'long', name: LONG_NAME, rules: [] },
    ],
    blocked: [{ from: '198.51.100.7', reason: LONG_NAME, until: '2039-01-01T00:00:00Z' }, { from: '198.51.100.8' }],
    settings: { ...document.settings, autoBlock: { enabled: true }, trustedProxies: ['127.0.0.9'] },
  }))
  await gateway.add({
    id: 'wiki',
    name: 'Office wiki',
    url,
    access: { rules: [{ list: 'contractors' }, { action: 'allow', from: 'loopback' }] },
  })
  await show(page, '#/access/contractors')
  await page.getByLabel('Test an address').fill('203.0.113.12')
  await expect(page.getByText('Refused by rule 4')).toBeVisible()
  await check(page, 'access, a list', page.getByRole('button', { name: 'Add rule' }))
  await page.getByRole('button', { name: 'Add rule' }).click()
  await page.getByLabel('Address, block or range').fill('10.0.0.0/33')
  await expect(page.getByText('An IPv4 block is /32 at most.')).toBeVisible()
  await check(page, 'access, a rule', page.getByRole('dialog').getByRole('button', { name: 'Add rule' }))
  await page.keyboard.press('Escape')
  await show(page, '#/access/~blocked')
  await expect(page.getByText('198.51.100.8')).toBeVisible()
  await check(page, 'access, blocked', page.getByRole('button', { name: 'Block an address' }))
  await show(page, '#/access/~vpn')
  await expect(page.getByText('Network interfaces that count as VPN')).toBeVisible()
  await check(page, 'access, vpn', page.getByRole('button', { name: 'New list' }))
  await show(page, '#/services/wiki')
  await page.getByRole('tab', { name: 'Access' }).click()
  await expect(page.getByRole('row', { name: 'Contractors' })).toBeVisible()
  await check(page, 'service, access', page.getByRole('button', { name: 'Add rule' }))
  await show(page, '#/services/wiki/edit')
  await expect(page.getByRole('radio', { name: 'Only these…' })).toBeChecked()
  await page.getByText('Ask for a name and a password').click()
  await check(page, 'edit, its own rules', page.getByRole('button', { name: 'Save changes' }))

  for (const client of ['203.0.113.66', '198.51.100.7', '2001:db8::1'])
    await ask(consoleHost.listenerPort, `/${'sehr-lang/'.repeat(12)}`, {
      headers: { host: 'wiki.test', 'x-forwarded-for': client },
      localAddress: '127.0.0.9',
    })
  await show(page, '#/activity')
  await expect(page.getByRole('row', { name: /sehr-lang/ })).toHaveCount(3)
  await check(page, 'activity', page.getByRole('button', { name: 'Pause' }))
  await page
    .getByRole('row', { name: /sehr-lang/ })
    .last()
    .click()
  await expect(page.getByRole('complementary', { name: 'Request' })).toContainText('Refused by')
  await check(page, 'activity, one request', page.getByRole('button', { name: 'Block this address' }))
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox', { name: 'Address, path, host or reference' }).fill('nothing like this')
  await expect(page.getByText('No requests match')).toBeVisible()
  await check(page, 'activity, no match', page.getByRole('button', { name: 'Show all' }))
  await gateway.save((document) => ({ ...document, settings: { ...document.settings, closed: true } }))
  await expect(page.getByText('Everything is closed: nobody can reach any service.')).toBeVisible()
  await check(page, 'closed', page.getByRole('button', { name: 'Open again' }))
})
