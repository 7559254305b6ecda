import { expect, test } from '../fixtures/desktop'

test('the page has no Node, no Electron and a bridge that cannot be changed', async ({ launch }) => {
  const page = await (await launch()).window()
  const seen = await page.evaluate(() => ({
    globals: ['require', 'process', 'ipcRenderer', 'Buffer', 'module'].filter((name) => name in globalThis),
    frozen: Object.isFrozen(window.astrorelay) && Object.isFrozen(window.astrorelay?.shell),
  }))
  expect(seen).toEqual({ globals: [], frozen: true })
})

test('the policy stops eval, inline scripts and requests to anywhere', async ({ launch }) => {
  const page = await (await launch()).window()
  // In a timer, because what Playwright evaluates itself is let past the policy.
  const evaluated = await page.evaluate(
    () =>
      new Promise((resolve) =>
        setTimeout(() => {
          try {
            // oxlint-disable-next-line no-implied-eval, no-new-func, typescript/no-implied-eval -- the very thing that must fail
            resolve(new Function('return 1')())
          } catch (error) {
            resolve((error as Error).name)
          }
        }),
      ),
  )
  expect(evaluated).toBe('EvalError')

  const inline = await page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
        const script = document.createElement('script')
        script.textContent = 'window.hacked = true'
        document.body.append(script)
      }),
  )
  expect(inline).toBe('script-src-elem')

  const fetched = await page.evaluate(() =>
    Promise.all(
      ['https://example.com/', 'http://127.0.0.1:7070/', './index.html'].map((url) =>
        fetch(url).then(
          () => 'went out',
          () => 'blocked',
        ),
      ),
    ),
  )
  expect(fetched).toEqual(['blocked', 'blocked', 'blocked'])
})

test('the page cannot be led away, and what it opens goes to the browser', async ({ launch }) => {
  const app = await launch()
  const page = await app.window()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const address = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL())
  expect(address).toMatch(/^app:\/\/bundle\//)

  // In a timer: Playwright would wait for a page that never comes.
  await page.evaluate(() => void setTimeout(() => window.open('https://example.com/docs', '_blank', 'noopener')))
  await expect.poll(() => app.recorded('opened')).toEqual(['https://example.com/docs'])
  await page.evaluate(() => void setTimeout(() => window.open('ftp://example.com/', '_blank', 'noopener')))
  await page.evaluate(() => void setTimeout(() => location.assign('https://example.org/')))
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await app.recorded('opened')).toEqual(['https://example.com/docs'])
  await expect
    .poll(() => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL())))
    .toEqual([address])
})

test('the page gets no permission', async ({ launch }) => {
  const page = await (await launch()).window()
  const asked = await page.evaluate(
    () =>
      new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          () => resolve('denied'),
        ),
      ),
  )
  expect(asked).toBe('denied')
})

test('the shell opens web addresses and the data folder, and nothing else', async ({ launch, place }) => {
  const app = await launch()
  const page = await app.window()
  const answers = await page.evaluate(async () => {
    const shell = window.astrorelay?.shell
    const opened = (url: string) =>
      shell?.openExternal(url).then(
        () => 'opened',
        () => 'refused',
      )
    return [
      await opened('http://wiki.test/'),
      await opened('file:///etc/passwd'),
      await opened('javascript:alert(1)'),
      await shell?.openDataDirectory().then(() => 'opened'),
    ]
  })
  expect(answers).toEqual(['opened', 'refused', 'refused', 'opened'])
  expect(await app.recorded('opened')).toEqual(['http://wiki.test/', place.dataDir])
})
