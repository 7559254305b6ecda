import { ask } from '../../support/ask'
import { freePort } from '../../support/free-port'
import { expect, message, openConsole, show, test } from './console-test'

test('requests are counted in the list and on the service’s screen as they come', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend({
    handler: (request, response) => void response.writeHead(request.url === '/missing' ? 404 : 200).end('ok'),
  })
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  const row = page.getByRole('row', { name: /^Online Wiki/ })
  await expect(row).toContainText('0 req/s')
  await Promise.all(Array.from({ length: 6 }, (_, at) => gateway.ask('wiki.test', `/page/${at}`)))
  await expect(row).toContainText(/(0[.,]\d*[1-9]\d*|[1-9]\S*) req\/s/)

  await show(page, '#/services/wiki')
  await expect(page.getByText('6 answers')).toBeVisible()
  await gateway.ask('wiki.test', '/missing')
  await expect(page.getByText('7 answers')).toBeVisible()
  await expect(page.getByRole('row', { name: /main/ }).getByRole('cell').nth(2)).toHaveText('7 100 %')
  await page.getByRole('tab', { name: 'Requests' }).click()
  await expect(page.getByRole('row', { name: /404 GET \/missing/ })).toBeVisible()
  await gateway.ask('wiki.test', '/later')
  await expect(page.getByRole('row', { name: /200 GET \/later/ })).toBeVisible()
})

test('a killed engine is back by itself, and the person is told', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  await expect(page.getByRole('row', { name: /^Online Wiki/ })).toBeVisible()
  const { pid } = (await gateway.status()).engine
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await gateway.status()).engine.pid === pid).toBe(false)
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  await expect(message(page, 'The gateway stopped by itself and runs again')).toBeVisible()
  await expect(page.getByRole('row', { name: /^Online Wiki/ })).toBeVisible()
})

test('a stopped gateway says so on every screen and can be started from there', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  await page.getByRole('button', { name: 'Gateway actions' }).click()
  await page.getByRole('menuitem', { name: 'Stop' }).click()
  const question = page.getByRole('alertdialog', { name: 'Stop the gateway?' })
  await expect(question).toContainText('1 service cannot be reached')
  await question.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('The gateway is stopped')).toBeVisible()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(null)
  await expect(page.getByRole('row', { name: /^Not running Wiki/ })).toContainText('–')
  await show(page, '#/services/wiki')
  await expect(page.getByText('The gateway is stopped')).toBeVisible()
  // Everything can be edited meanwhile.
  await show(page, '#/services/wiki/edit')
  await page.getByRole('textbox', { name: 'Host name' }).fill('docs.test')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('button', { name: 'Start gateway' }).click()
  await expect.poll(() => gateway.statusOf('docs.test')).toBe(200)
  await expect(page.getByText('The gateway is stopped')).toBeHidden()
})

test('a page that lost its host says so, shows no old numbers as live, and recovers', async ({
  consoleHost,
  gateway,
  backend,
  context,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  const row = page.getByRole('row', { name: /Wiki/ })
  await expect(row).toContainText('0 req/s')
  // As when the machine sleeps: what is open ends, and what is asked anew fails.
  await context.setOffline(true)
  process.kill(consoleHost.pid, 'SIGSTOP')
  await expect(page.getByText(/^Paused, last update/)).toBeVisible()
  await expect(row).not.toContainText('0 req/s')
  process.kill(consoleHost.pid, 'SIGCONT')
  await context.setOffline(false)
  await expect(page.getByText(/^Paused, last update/)).toBeHidden()
  await expect(row).toContainText('0 req/s')
})

test('a taken port has a banner with the program that has it and a way out, and recovers when it is free', async ({
  consoleHost,
  gateway,
  backend,
  takenPort,
  page,
}) => {
  const { url } = await backend()
  const { port } = takenPort
  await gateway.save((before) => ({
    ...before,
    listeners: [...(before.listeners ?? []), { id: 'second', address: '127.0.0.1', port, protocol: 'http' }],
  }))
  await gateway.add({ id: 'wiki', name: 'Wiki', url }, { id: 'only', name: 'Only', listeners: ['second'], url })
  await openConsole(page, consoleHost.link)
  await expect(page.getByText(`Port ${port} is taken`)).toBeVisible()
  await expect(page.getByText(new RegExp(`node\\S* \\(process ${process.pid}\\) is using it`))).toBeVisible()
  expect(await gateway.statusOf('wiki.test')).toBe(200)
  await takenPort.letGo()
  await expect(page.getByText(`Port ${port} is taken`)).toBeHidden({ timeout: 15_000 })
  expect((await ask(port, '/', { headers: { host: 'only.test' } })).status).toBe(200)
})

test('the banner of a taken port moves the listener to a free one', async ({ consoleHost, gateway, backend, takenPort, page }) => {
  const { url } = await backend()
  const { port } = takenPort
  await gateway.save((before) => ({
    ...before,
    listeners: [...(before.listeners ?? []), { id: 'second', address: '127.0.0.1', port, protocol: 'http' }],
  }))
  await gateway.add({ id: 'only', name: 'Only', listeners: ['second'], url })
  await openConsole(page, consoleHost.link)
  await page.getByRole('button', { name: /^Use port \d+ instead$/ }).click()
  await expect(page.getByText(`Port ${port} is taken`)).toBeHidden()
  const link = page.getByRole('row', { name: /Only/ }).getByRole('link')
  await expect(link).not.toHaveAttribute('href', new RegExp(`:${port}(/|$)`))
  const address = new URL((await link.getAttribute('href')) ?? '')
  expect((await ask(Number(address.port), '/', { headers: { host: 'only.test' } })).status).toBe(200)
})

test('a backend that has no address marks only its own service, and why', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add(
    { id: 'wiki', name: 'Wiki', url },
    { id: 'lost', name: 'Lost', url: 'http://nothing.invalid', health: { interval: '2s', fall: 1 } },
  )
  await openConsole(page, consoleHost.link)
  await expect(page.getByRole('row', { name: /^Down Lost/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Online Wiki/ })).toBeVisible()
  // What needs someone is first in the list, and the sidebar and the gateway's card say it too.
  await expect(page.getByRole('row').nth(1)).toHaveAccessibleName(/Lost/)
  await expect(page.getByText('1 needs attention').first()).toBeVisible()
  expect(await gateway.statusOf('wiki.test')).toBe(200)
  expect(await gateway.statusOf('lost.test')).toBe(502)
  await show(page, '#/services/lost')
  await expect(page.getByText(/stopped answering\. Nobody can open Lost\./)).toBeVisible()
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText(/nothing\.invalid has no address/)).toBeVisible()
})

test('a backend that comes back turns its service online by itself', async ({ consoleHost, gateway, backend, page }) => {
  const port = await freePort()
  await gateway.add({ id: 'wiki', name: 'Wiki', url: `http://127.0.0.1:${port}`, health: { interval: '2s', fall: 1, rise: 1 } })
  await openConsole(page, consoleHost.link)
  await expect(page.getByRole('row', { name: /^Down Wiki/ })).toBeVisible()
  await backend({ port })
  await expect(page.getByRole('row', { name: /^Online Wiki/ })).toBeVisible()
})

test('markup in names, host names and requests is text', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  const evil = '<img src=x onerror="window.evil=1"><b>Wiki</b>'
  const alarms: string[] = []
  page.on('dialog', (dialog) => void alarms.push(dialog.message()))
  await gateway.add({ id: 'wiki', name: evil, url })
  await openConsole(page, consoleHost.link)
  await expect(page.getByText(evil).first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await page
    .getByRole('searchbox', { name: /^Search/ })
    .or(page.getByRole('textbox', { name: /^Search/ }))
    .or(page.getByRole('combobox', { name: /^Search/ }))
    .first()
    .fill('<img')
  await expect(page.getByRole('menuitem', { name: evil }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await ask(consoleHost.listenerPort, '/<script>alert(1)</script>', {
    headers: { host: 'wiki.test', 'user-agent': '<script>alert(2)</script>' },
  })
  await show(page, '#/services/wiki')
  await page.getByRole('tab', { name: 'Requests' }).click()
  await expect(page.getByText('/<script>alert(1)</script>')).toBeVisible()
  await page.getByRole('button', { name: 'Edit' }).click()
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(evil)
  expect(await page.evaluate(() => 'evil' in window)).toBe(false)
  expect(alarms).toEqual([])
})
