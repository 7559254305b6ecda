import type { Locator, Page } from '@playwright/test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../support/free-port'
import { expect, openConsole, show, test } from './console-test'
import { checkLooks, type Look, PICTURES, WINDOWS } from './looks'

const LOOKS: readonly Look[] = [...WINDOWS, { name: 'light-narrow', scheme: 'light', width: 480, height: 800, rules: true }]

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenamt'

type AtEnd = (end: () => unknown) => void

function field(page: Page, name: string): Locator {
  return page.getByRole('textbox', { name, exact: true })
}

function kind(page: Page, name: string): Locator {
  return page.getByRole('radio', { name, exact: true })
}

const save = (page: Page): Promise<void> => page.getByRole('button', { name: 'Expose service' }).click()

async function choosePreset(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /Kind of machine/ }).click()
  await page.getByRole('option', { name }).click()
}

async function folder(atEnd: AtEnd): Promise<string> {
  const parent = await mkdtemp(path.join(tmpdir(), 'astrorelay-kinds-'))
  atEnd(() => rm(parent, { recursive: true, force: true }))
  const root = path.join(parent, 'Manuals')
  await mkdir(path.join(root, 'pumps'), { recursive: true })
  await writeFile(path.join(root, 'hello.txt'), 'from the folder')
  await writeFile(path.join(root, '.secret'), 'nobody may read this')
  await writeFile(path.join(root, 'pumps', 'start.html'), '<p>Pumps</p>')
  return root
}

/** A machine that says back what it hears. */
async function echo(atEnd: AtEnd): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).pipe(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  atEnd(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** A connection to the gateway, and what comes back on it. */
function talk(port: number, atEnd: AtEnd): { say(text: string): void; heard(): string } {
  let heard = ''
  const socket = connect(port, '127.0.0.1')
  socket
    .setEncoding('utf8')
    .on('error', () => undefined)
    .on('data', (text: string) => {
      heard += text
    })
  atEnd(() => socket.destroy())
  return { say: (text) => void socket.write(text), heard: () => heard }
}

test('a folder is hosted: its files are fetched through the gateway, hidden ones are not', async ({
  consoleHost,
  gateway,
  atEnd,
  page,
}) => {
  const root = await folder(atEnd)
  await openConsole(page, consoleHost.link, '#/expose?kind=files')
  await expect(kind(page, 'Files')).toBeChecked()
  await field(page, 'Name').fill('Manuals')
  await field(page, 'Folder').fill(`"${root}"`)
  await field(page, 'Host name').fill('manuals.test')
  await expect(field(page, 'Folder')).toHaveValue(root)
  await page.getByText('List what is in a folder that has no index page').click()
  await page.getByRole('button', { name: 'Index pages, hidden files, alerts' }).click()
  await field(page, 'Index pages').fill('start.html')
  await expect(page.getByRole('complementary', { name: 'What will happen' })).toContainText(
    'A folder shows its start.html, or else a list of what is in it',
  )
  await expect(page.getByRole('button', { name: 'Choose folder…' })).toHaveCount(0)
  await save(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Manuals' })).toBeVisible()
  await expect.poll(async () => (await gateway.ask('manuals.test', '/hello.txt')).text).toBe('from the folder')
  expect((await gateway.ask('manuals.test', '/pumps/')).text).toContain('Pumps')
  expect((await gateway.ask('manuals.test', '/')).text).toContain('hello.txt')
  expect(await gateway.statusOf('manuals.test', '/.secret')).toBe(404)

  await show(page, '#/services')
  const row = page.getByRole('row', { name: /^Online Manuals/ })
  await expect(row).toContainText('http://manuals.test')
  await expect(row).toContainText(root)

  // The kind of a saved service stays, and the rest of it can be changed.
  await show(page, '#/services/manuals/edit')
  await expect(page.getByText('To share something else, expose a new service.')).toBeVisible()
  await expect(kind(page, 'Files')).toHaveCount(0)
  await field(page, 'Path').fill('/docs')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect.poll(() => gateway.statusOf('manuals.test', '/docs/hello.txt')).toBe(200)
})

test('a machine is exposed on a port of the gateway, and what is said goes through and back', async ({
  consoleHost,
  gateway,
  atEnd,
  page,
}) => {
  const [machine, port] = [await echo(atEnd), await freePort()]
  await openConsole(page, consoleHost.link, '#/expose')
  await kind(page, 'Machine').click()
  await field(page, 'Name').fill('Bench')
  await choosePreset(page, 'Other TCP')
  await field(page, 'Port of the gateway').fill(String(port))
  await field(page, 'Address of the machine').fill(`tcp://127.0.0.1:${machine}`)
  await field(page, 'Address of the machine').blur()
  await expect(field(page, 'Address of the machine')).toHaveValue(`127.0.0.1:${machine}`)
  await expect(field(page, 'Port of the gateway')).toHaveAccessibleDescription('Free')
  await expect(page.getByText('Ask for a name and a password')).toHaveCount(0)
  await expect(page.getByRole('button', { name: /Refused visitors get/ })).toHaveCount(0)
  await save(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Bench' })).toBeVisible()

  const { document } = await gateway.document()
  expect(document.listeners?.at(-1)).toEqual({ id: `port-${port}`, address: '127.0.0.1', port, protocol: 'tcp' })
  expect(document.services?.[0]).toMatchObject({
    type: 'tcp',
    listeners: [`port-${port}`],
    backends: [{ url: `tcp://127.0.0.1:${machine}` }],
  })
  const line = talk(port, atEnd)
  line.say('are you there?')
  await expect.poll(() => line.heard()).toBe('are you there?')

  await show(page, '#/services')
  const row = page.getByRole('row', { name: /^Online Bench/ })
  await expect(row).toContainText(`127.0.0.1:${port}, TCP`)
  await expect(row).toContainText('1 open')
  await expect(row).toContainText('B/s')
  await expect(row.getByRole('link')).toHaveCount(0)
  await page.getByRole('button', { name: 'More actions for Bench' }).click()
  await expect(page.getByRole('menuitem', { name: 'Copy address' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Open address' })).toHaveCount(0)
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect.poll(async () => (await gateway.document()).document.listeners?.map(({ id }) => id)).toEqual(['web'])
})

test('the port that a machine has by itself is proposed, and another one where it is taken', async ({
  consoleHost,
  gateway,
  atEnd,
  page,
}) => {
  // Where 3389 is taken already, by a desktop, it need not be taken here.
  const desktop = createServer((socket) => void socket.destroy())
  await new Promise<void>((resolve) => void desktop.once('error', () => resolve()).listen(3_389, '127.0.0.1', resolve))
  atEnd(() => desktop.close())
  await openConsole(page, consoleHost.link, '#/expose?kind=machine')
  await expect(field(page, 'Port of the gateway')).toHaveValue(/^339\d$/)
  await choosePreset(page, 'MQTT')
  await expect(field(page, 'Port of the gateway')).toHaveValue('1883')
  await choosePreset(page, 'WireGuard')
  await expect(field(page, 'Port of the gateway')).toHaveValue('51820')
  await expect(page.getByRole('complementary', { name: 'What will happen' })).toContainText('Opens UDP port 51820')
  await field(page, 'Name').fill('Tunnel')
  await field(page, 'Address of the machine').fill('127.0.0.7')
  await save(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Tunnel' })).toBeVisible()
  expect((await gateway.document()).document.listeners?.at(-1)).toMatchObject({ id: 'port-51820-udp', protocol: 'udp' })
  expect((await gateway.document()).document.services?.[0]).toMatchObject({ type: 'udp', backends: [{ url: 'udp://127.0.0.7:51820' }] })
})

test('a redirect sends visitors on, for now or for good', async ({ consoleHost, gateway, page }) => {
  await openConsole(page, consoleHost.link, '#/expose?kind=redirect')
  await field(page, 'Name').fill('Old portal')
  await field(page, 'Host name').fill('old.test')
  await field(page, 'Send to').fill('https://portal.example/new')
  await save(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Old portal' })).toBeVisible()
  await expect.poll(() => gateway.statusOf('old.test')).toBe(307)
  expect((await gateway.ask('old.test', '/a?b=1')).headers['location']).toBe('https://portal.example/new/a?b=1')
  await show(page, '#/services/old-portal/edit')
  await page.getByText('For good', { exact: true }).click()
  await page.getByText('Add the path that was asked for').click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect.poll(() => gateway.statusOf('old.test')).toBe(308)
  expect((await gateway.ask('old.test', '/a?b=1')).headers['location']).toBe('https://portal.example/new')
})

test('a folder that is dropped on the list is asked for by its path, since a browser does not tell it', async ({
  consoleHost,
  page,
  atEnd,
}) => {
  const root = await folder(atEnd)
  await openConsole(page, consoleHost.link)
  await drop(page, path.join(root, 'hello.txt'))
  await expect(page.getByRole('alertdialog').filter({ hasText: '“hello.txt” is a file. Folders are hosted.' })).toBeVisible()
  await drop(page, root)
  const told = page.getByRole('alertdialog').filter({ hasText: 'A browser does not tell where “Manuals” lies.' })
  await told.getByRole('button', { name: 'Host files' }).click()
  await expect(kind(page, 'Files')).toBeChecked()
  await expect(field(page, 'Name')).toHaveValue('Manuals')
  await expect(field(page, 'Folder')).toHaveValue('')
})

/** As the desktop’s file manager does it. */
async function drop(page: Page, file: string): Promise<void> {
  const browser = await page.context().newCDPSession(page)
  const data = { items: [], files: [file], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const) await browser.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
  await expect(page.getByText('Drop a folder to host it')).toBeVisible()
  if (PICTURES !== undefined) await page.screenshot({ path: path.join(PICTURES, 'drop-target.png') })
  await browser.send('Input.dispatchDragEvent', { type: 'drop', x: 400, y: 300, data })
  await expect(page.getByText('Drop a folder to host it')).toHaveCount(0)
}

test.describe('every kind in every look', () => {
  test.setTimeout(90_000)

  test('breaks no rule of axe and leaves the window nowhere', async ({ consoleHost, gateway, atEnd, page }) => {
    const [root, machine, port] = [await folder(atEnd), await echo(atEnd), await freePort()]
    await openConsole(page, consoleHost.link, '#/expose?kind=files')
    await page.getByRole('button', { name: 'Index pages, hidden files, alerts' }).click()
    await field(page, 'Folder').fill(`/srv/${LONG}/${LONG}`)
    await check(page, 'expose-files')
    await kind(page, 'Machine').click()
    await page.getByRole('button', { name: 'Health checks, TLS names, limits' }).click()
    await field(page, 'Address of the machine').fill(`${LONG}.test`)
    await check(page, 'expose-machine')
    await save(page)
    await expect(page.getByText(/thing to fix/)).toBeVisible()
    await check(page, 'expose-machine-wrong')
    await kind(page, 'Redirect').click()
    await field(page, 'Send to').fill(`https://${LONG}.example/${LONG}`)
    await check(page, 'expose-redirect')
    await kind(page, 'Web page').click()
    await check(page, 'expose-web')

    await gateway.save((before) => ({
      ...before,
      listeners: [...(before.listeners ?? []), { id: `port-${port}`, address: '127.0.0.1', port, protocol: 'tcp' }],
      services: [
        { id: 'wiki', name: 'Office wiki', hosts: ['wiki.test'], backends: [{ id: 'main', url: `http://127.0.0.1:${machine}` }] },
        { id: 'files', name: 'Project files', type: 'files', hosts: ['files.test'], root },
        { id: 'gone', name: LONG, type: 'files', hosts: ['gone.test'], root: '/srv/nothing-is-here' },
        { id: 'old', name: 'Old portal', type: 'redirect', hosts: ['old.test'], to: 'https://portal.example' },
        {
          id: 'pc',
          name: 'Reception PC',
          type: 'tcp',
          listeners: [`port-${port}`],
          backends: [{ id: 'main', url: `tcp://127.0.0.1:${machine}` }],
        },
      ],
    }))
    await show(page, '#/services')
    const line = talk(port, atEnd)
    line.say('hello')
    await expect(page.getByRole('row', { name: /Reception PC/ })).toContainText('1 open')
    await check(page, 'services-of-every-kind')
    await show(page, '#/services/pc/edit')
    await check(page, 'edit-machine')
    await show(page, '#/first-run')
    await expect(page.getByRole('button', { name: /A remote machine/ })).toBeVisible()
    await check(page, 'first-run-ways')
    await page.getByRole('button', { name: /A remote machine/ }).click()
    await expect(kind(page, 'Machine')).toBeChecked()
  })
})

async function check(page: Page, state: string): Promise<void> {
  await checkLooks(page, state, LOOKS)
  await page.setViewportSize({ width: 1180, height: 760 })
}
