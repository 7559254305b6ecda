import type { Locator, Page } from '@playwright/test'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { freePort } from '../../support/free-port'
import { SELF_SIGNED } from '../../support/self-signed'
import { expect, openConsole, test } from './console-test'

type Fields = Readonly<Partial<Record<'name' | 'host' | 'port' | 'path' | 'backend', string>>>

const LABELS = { name: 'Name', host: 'Host name', port: 'Port', path: 'Path', backend: 'Address of the backend' } as const

function field(page: Page, name: keyof Fields): Locator {
  return page.getByRole('textbox', { name: LABELS[name], exact: true })
}

/** Fills the form; fields that `before` filled with the same are left alone. */
async function fill(page: Page, fields: Fields, before: Fields = {}): Promise<void> {
  for (const name of Object.keys(LABELS) as (keyof Fields)[])
    if ((fields[name] ?? '') !== (before[name] ?? '')) await field(page, name).fill(fields[name] ?? '')
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(portOf(server))))
}

const save = (page: Page): Promise<void> => page.getByRole('button', { name: 'Expose service' }).click()

test('three fields, one press: the service answers through the gateway', async ({ consoleHost, gateway, backend, page }) => {
  const { port, seen } = await backend()
  await openConsole(page, consoleHost.link, '#/expose')
  await fill(page, { name: 'Office wiki', host: 'wiki.test', backend: `127.0.0.1:${port}` })
  await save(page)
  await expect.poll(() => gateway.statusOf('wiki.test', '/x?y=1')).toBe(200)
  expect(seen.some(({ url }) => url === '/x?y=1')).toBe(true)
  await expect(page.getByRole('heading', { level: 1, name: 'Office wiki' })).toBeFocused()
  await page.getByRole('link', { name: 'Services' }).first().click()
  await expect(page.getByRole('row', { name: /^Online Office wiki/ })).toBeVisible()
})

test('input that cannot work gets a sentence at its field, the focus goes there, and nothing is saved', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { port } = await backend()
  const url = `127.0.0.1:${port}`
  await gateway.add(
    { id: 'first', name: 'First', url: `http://${url}` },
    { id: 'off', name: 'Resting', enabled: false, url: `http://${url}` },
  )
  const before = await gateway.document()
  await openConsole(page, consoleHost.link, '#/expose')
  const good = { name: 'Second', host: 'second.test', backend: url }
  const cases: readonly [fields: Fields, at: keyof Fields, sentence: RegExp][] = [
    [{ ...good, name: '' }, 'name', /^Give it a name/],
    [{ ...good, name: '   ' }, 'name', /^Give it a name/],
    [{ ...good, name: 'x'.repeat(61) }, 'name', /60/],
    [{ ...good, name: 'FIRST' }, 'name', /already a service called “First”/],
    [{ ...good, host: 'wi ki.test' }, 'host', /^Write a host name such as/],
    [{ ...good, host: 'a.*.test' }, 'host', /\*|wildcard|host name/i],
    [{ ...good, host: 'first.test' }, 'host', /“First” already answers/],
    [{ ...good, host: 'FIRST.test' }, 'host', /“First” already answers/],
    [{ ...good, host: 'off.test' }, 'host', /“Resting” already answers/],
    [{ ...good, port: '0' }, 'port', /from 1 to 65535/],
    [{ ...good, port: '70000' }, 'port', /from 1 to 65535/],
    [{ ...good, port: 'abc' }, 'port', /from 1 to 65535/],
    [{ ...good, port: '-1' }, 'port', /from 1 to 65535/],
    [{ ...good, path: '/a b' }, 'path', /./],
    [{ ...good, path: '/a/../b' }, 'path', /./],
    [{ ...good, backend: '' }, 'backend', /^Enter the address/],
    [{ ...good, backend: 'ftp://127.0.0.1' }, 'backend', /http/],
    [{ ...good, backend: 'http://' }, 'backend', /./],
    [{ ...good, backend: '127.0.0.1:70000' }, 'backend', /port/i],
    [{ ...good, backend: 'http://user:secret@127.0.0.1' }, 'backend', /./],
    [{ ...good, backend: 'http://wi ki' }, 'backend', /./],
    [{ ...good, backend: `127.0.0.1:${consoleHost.listenerPort}` }, 'backend', /^This points back to AstroRelay itself/],
    [{ ...good, backend: `http://localhost:${consoleHost.listenerPort}` }, 'backend', /^This points back to AstroRelay itself/],
    [{ ...good, backend: consoleHost.origin }, 'backend', /AstroRelay’s own console/],
  ]
  for (const [index, [fields, at, sentence]] of cases.entries()) {
    await test.step(`${at} “${fields[at]}”`, async () => {
      await fill(page, fields, cases[index - 1]?.[0])
      await save(page)
      await expect(field(page, at)).toBeFocused()
      await expect(field(page, at)).toHaveAttribute('aria-invalid', 'true')
      await expect(field(page, at)).toHaveAccessibleDescription(sentence)
      await expect(page.getByText(/thing to fix/)).toBeVisible()
    })
  }
  expect(await gateway.document()).toEqual(before)
  expect(await gateway.statusOf('first.test')).toBe(200)

  // Several at once: the first in the order of the screen, and how many there are.
  const several = { ...good, name: '', port: '70000', backend: `127.0.0.1:${consoleHost.listenerPort}` }
  await fill(page, several, cases.at(-1)?.[0])
  await save(page)
  await expect(page.getByText('3 things to fix')).toBeVisible()
  await expect(field(page, 'name')).toBeFocused()
  // Put right, it saves: nothing that was typed was lost.
  await fill(page, good, several)
  await save(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Second' })).toBeVisible()
  expect(await gateway.statusOf('second.test')).toBe(200)
})

test('what the gateway refuses although the form saw nothing wrong is told in the form and saves nothing', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link, '#/expose')
  await page.route(/\/api\/v1\/config\?/, (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 400, json: [{ path: 'services[0].hosts[0]', message: 'this name cannot be had' }] })
      : route.fallback(),
  )
  await fill(page, { name: 'Wiki', host: 'wiki.test', backend: url })
  await save(page)
  await expect(field(page, 'host')).toHaveAccessibleDescription('This name cannot be had.')
  await expect(field(page, 'host')).toHaveValue('wiki.test')
  expect((await gateway.document()).document.services).toEqual([])
})

test('Test says in words what is wrong with a backend', async ({ consoleHost, backend, atEnd, page }) => {
  const silent = createServer((socket) => void socket.on('error', () => undefined))
  const tls = createTlsServer(SELF_SIGNED, (_, response) => void response.end('secret'))
  const [silentPort, tlsPort, refusedPort] = [await listen(silent), await listen(tls), await freePort()]
  atEnd(() => silent.close())
  atEnd(() => tls.close().closeAllConnections())
  const { port } = await backend({ handler: (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic' }).end() })
  await openConsole(page, consoleHost.link, '#/expose')
  const backendField = field(page, 'backend')
  const cases: readonly [string, RegExp][] = [
    [`127.0.0.1:${refusedPort}`, /Nothing answers on port \d+ at 127\.0\.0\.1: the connection was refused\./],
    ['nothing.invalid:8080', /nothing\.invalid has no address: the name was not found/],
    [`127.0.0.1:${silentPort}`, /did not answer within 2 s/],
    [`127.0.0.1:${port}`, /Reachable, answers 401 Unauthorized: it asks for a sign-in/],
    [`https://127.0.0.1:${tlsPort}`, /The certificate of 127\.0\.0\.1 is not trusted/],
  ]
  for (const [address, words] of cases) {
    await backendField.fill(address)
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(backendField).toHaveAccessibleDescription(words)
    // A finding may be cured later: it is no error and does not keep the form from being saved.
    await expect(backendField).not.toHaveAttribute('aria-invalid', 'true')
  }
  await page.getByRole('button', { name: 'Accept this certificate' }).click()
  await expect(backendField).toHaveAccessibleDescription(/^Answered 200 in/)
  await expect(page.getByRole('checkbox', { name: 'Check its certificate' })).not.toBeChecked()
})

test('a backend whose certificate was accepted is served through the gateway', async ({ consoleHost, gateway, atEnd, page }) => {
  const tls = createTlsServer(SELF_SIGNED, (_, response) => void response.end('behind TLS'))
  const port = await listen(tls)
  atEnd(() => tls.close().closeAllConnections())
  await openConsole(page, consoleHost.link, '#/expose')
  await fill(page, { name: 'Safe', host: 'safe.test', backend: `https://127.0.0.1:${port}` })
  await page.getByRole('button', { name: 'Accept this certificate' }).click()
  await save(page)
  await expect.poll(async () => (await gateway.ask('safe.test')).text).toBe('behind TLS')
})

test('a port of its own that another program has: who has it and the next free one, which then works', async ({
  consoleHost,
  gateway,
  backend,
  takenPort,
  page,
}) => {
  const taken = takenPort.port
  const { url } = await backend()
  await openConsole(page, consoleHost.link, '#/expose')
  await fill(page, { name: 'Wiki', port: String(taken), backend: url })
  await expect(field(page, 'port')).toHaveAccessibleDescription(new RegExp(`^Port ${taken} is in use by node.* \\(pid ${process.pid}\\)`))
  await save(page)
  await expect(field(page, 'port')).toBeFocused()
  expect((await gateway.document()).document.services).toEqual([])
  await page.getByRole('button', { name: /^Use \d+$/ }).click()
  await expect(field(page, 'port')).toHaveAccessibleDescription('Free')
  const free = Number(await field(page, 'port').inputValue())
  expect(free).toBeGreaterThan(taken)
  await save(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Wiki' })).toBeVisible()
  await expect.poll(() => fetch(`http://127.0.0.1:${free}/`).then(({ status }) => status, String)).toBe(200)
})

test('a pasted address is taken apart into host, port and path, and what is typed survives another screen', async ({
  consoleHost,
  backend,
  page,
}) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link, '#/expose')
  await field(page, 'name').fill('Wiki')
  await field(page, 'host').fill('http://wiki.test:8099/docs?x=1')
  await field(page, 'backend').fill(`${url}/`)
  await field(page, 'backend').blur()
  await expect(field(page, 'host')).toHaveValue('wiki.test')
  await expect(field(page, 'port')).toHaveValue('8099')
  await expect(field(page, 'path')).toHaveValue('/docs')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.goBack()
  await expect(field(page, 'name')).toHaveValue('Wiki')
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Services' })).toBeVisible()
})

test('opening a service to anyone is asked about first', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link, '#/expose')
  await fill(page, { name: 'Wiki', host: 'wiki.test', backend: url })
  await page.getByText('Anyone', { exact: true }).click()
  await save(page)
  const question = page.getByRole('alertdialog', { name: 'Open Wiki to the internet?' })
  await expect(question.getByRole('button', { name: 'Keep it private' })).toBeFocused()
  expect((await gateway.document()).document.services).toEqual([])
  await question.getByRole('button', { name: 'Open to anyone' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
})

function box(page: Page, name: string): Locator {
  return page.getByRole('textbox', { name, exact: true })
}

function kindOf(page: Page, name: string): Locator {
  return page.getByRole('radio', { name, exact: true })
}

test('what is wrong with a folder, a machine or a redirect is said at its field, and what was typed comes back with its kind', async ({
  consoleHost,
  gateway,
  page,
}) => {
  const before = await gateway.document()
  await openConsole(page, consoleHost.link, '#/expose')
  await box(page, 'Name').fill('Something')
  await box(page, 'Address of the backend').fill('127.0.0.1:9')
  const wrong = async (name: string, text: string, sentence: RegExp): Promise<void> => {
    await test.step(`${name} “${text}”`, async () => {
      await box(page, name).fill(text)
      await save(page)
      await expect(box(page, name)).toBeFocused()
      await expect(box(page, name)).toHaveAttribute('aria-invalid', 'true')
      await expect(box(page, name)).toHaveAccessibleDescription(sentence)
    })
  }
  await kindOf(page, 'Files').click()
  await expect(box(page, 'Folder')).not.toHaveAttribute('aria-invalid', 'true')
  await wrong('Folder', '', /^Name the folder to host/)
  await wrong('Folder', 'manuals', /^Write the full path/)
  await wrong('Folder', '/', /not a whole drive/)
  await box(page, 'Folder').fill('/srv/manuals')

  await kindOf(page, 'Machine').click()
  await page.getByRole('button', { name: /Kind of machine/ }).click()
  await page.getByRole('option', { name: 'Other TCP' }).click()
  await expect(box(page, 'Name')).toHaveValue('Something')
  await box(page, 'Address of the machine').fill('127.0.0.1:22')
  await wrong('Port of the gateway', '', /^Choose the port/)
  await wrong('Port of the gateway', '70000', /from 1 to 65535/)
  await wrong('Port of the gateway', '80', /for web pages/)
  await wrong('Port of the gateway', String(consoleHost.listenerPort), /“web” already uses port/)
  await box(page, 'Port of the gateway').fill('40022')
  await wrong('Address of the machine', '', /^Enter the address of the machine/)
  await wrong('Address of the machine', '127.0.0.1', /^Add the port/)
  await wrong('Address of the machine', 'http://127.0.0.1:22', /^Leave out http/)
  await wrong('Address of the machine', '127.0.0.1:40022', /points back to AstroRelay itself/)

  await kindOf(page, 'Redirect').click()
  await box(page, 'Host name').fill('old.test')
  await wrong('Send to', '', /^Say where to/)
  await wrong('Send to', 'portal.example', /^Write a full address/)
  await box(page, 'Port').fill(String(consoleHost.listenerPort))
  await wrong('Send to', `http://old.test:${consoleHost.listenerPort}/x`, /leads back/)

  await kindOf(page, 'Files').click()
  await expect(box(page, 'Folder')).toHaveValue('/srv/manuals')
  await kindOf(page, 'Machine').click()
  await expect(box(page, 'Address of the machine')).toHaveValue('127.0.0.1:40022')
  await kindOf(page, 'Web page').click()
  await expect(box(page, 'Address of the backend')).toHaveValue(/127\.0\.0\.1:9$/)
  expect(await gateway.document()).toEqual(before)
})
