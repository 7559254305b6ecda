import { expect, message, test } from './console-test'

const page = (title: string): string => `<!doctype html><title>${title}</title><p>${title} is here</p>`

test('what listens on this machine is shown by title and program, one press exposes it, and Undo takes it back', async ({
  consoleHost,
  gateway,
  backend,
  page: tab,
}) => {
  const title = `Office wiki ${process.pid}`
  const { port } = await backend({ handler: (_, response) => void response.setHeader('content-type', 'text/html').end(page(title)) })
  await tab.goto(consoleHost.link)
  await expect(tab.getByRole('heading', { level: 1, name: 'Pick what to share' })).toBeVisible()
  const item = tab.getByRole('listitem').filter({ hasText: title })
  await expect(item).toContainText(`:${port}`)
  await expect(item).toContainText('node')

  await item.getByRole('button', { name: `Expose ${title}` }).click()
  await expect(item).toContainText('Shared')
  const address = await item.getByRole('link').first().getAttribute('href')
  // The address that is shown is one that answers.
  await expect.poll(async () => (await fetch(address ?? '')).text()).toContain(`${title} is here`)

  await item.getByRole('button', { name: `Undo sharing ${title}` }).click()
  await expect(item.getByRole('button', { name: `Expose ${title}` })).toBeVisible()
  expect((await gateway.document()).document.services).toEqual([])
  expect((await fetch(address ?? '')).status).toBe(404)
})

test('each of several gets an address of its own, and the ones already shared say so when one comes back', async ({
  consoleHost,
  backend,
  page: tab,
}) => {
  const titles = ['Camera', 'Printer'].map((name) => `${name} ${process.pid}`)
  for (const title of titles)
    await backend({ handler: (_, response) => void response.setHeader('content-type', 'text/html').end(page(title)) })
  await tab.goto(consoleHost.link)
  for (const title of titles) {
    const item = tab.getByRole('listitem').filter({ hasText: title })
    await item.getByRole('button', { name: `Expose ${title}` }).click()
    const address = (await item.getByRole('link').first().getAttribute('href')) ?? ''
    await expect.poll(async () => fetch(address).then((answer) => answer.text(), String)).toContain(`${title} is here`)
  }
  await tab.getByRole('button', { name: 'Go to services' }).click()
  await expect(tab.getByRole('row', { name: new RegExp(`^Online ${titles[0]}`) })).toBeVisible()
  await tab.getByRole('button', { name: 'Find on this computer' }).click()
  await expect(tab.getByRole('listitem').filter({ hasText: titles[1] ?? '' })).toContainText('Shared')
})

test('a machine on which nothing listens says what to do instead', async ({ consoleHost, page: tab }) => {
  await tab.route('**/api/v1/discovery/scan', (route) => route.fulfill({ json: { found: [], checked: 28, duration: 12 } }))
  await tab.goto(consoleHost.link)
  await expect(tab.getByText('Nothing is running here yet.')).toBeVisible()
  await tab.getByRole('button', { name: 'Go to services' }).click()
  await expect(tab.getByText('Nothing is shared yet')).toBeVisible()
  await tab.reload()
  await expect(tab.getByRole('heading', { level: 1, name: 'Services' })).toBeVisible()
  await tab.getByRole('button', { name: 'Expose a service' }).click()
  await expect(tab.getByRole('heading', { level: 1, name: 'Expose a service' })).toBeFocused()
})

test('a scan that fails says so and can be repeated', async ({ consoleHost, page: tab }) => {
  await tab.route('**/api/v1/discovery/scan', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'AR_INTERNAL', message: 'The list of sockets could not be read.' } } }),
  )
  await tab.goto(consoleHost.link)
  await expect(tab.getByText('The list of sockets could not be read.')).toBeVisible()
  await expect(message(tab, /./)).toHaveCount(0)
  await tab.unroute('**/api/v1/discovery/scan')
  await tab.getByRole('button', { name: 'Scan again' }).click()
  await expect(tab.getByText('The list of sockets could not be read.')).toBeHidden()
})
