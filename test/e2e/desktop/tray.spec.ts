import { startBackend } from '../fixtures/backend'
import { expect, test } from '../fixtures/desktop'
import { fetchAs } from '../fixtures/gateway'

test('the tray tells the state in words and shape, and has everything in its menu', async ({ launch, place }) => {
  const backend = await startBackend('hello')
  const app = await launch()
  await app.window()
  await expect.poll(() => app.tray()).toMatchObject({ toolTip: 'AstroRelay: no services yet' })

  await app.expose('wiki', 'Office wiki', backend.url)
  await expect
    .poll(() => app.trayLabels())
    .toEqual([
      'The one service is online',
      'Gateway running',
      '-',
      'Office wiki · Online',
      '-',
      'Restart gateway',
      'Stop gateway',
      '-',
      'Open AstroRelay',
      'Quit AstroRelay',
    ])
  const { icon: well, toolTip } = await app.tray()
  expect(toolTip).toBe('AstroRelay: the one service is online')

  await app.pressTray('open:wiki')
  expect((await app.recorded('opened'))[0]).toMatch(/^http:\/\//)
  await app.pressTray('copy:wiki')
  expect(await app.recorded('copied')).toEqual(await app.recorded('opened'))

  await backend.stop()
  // Three failed requests take it out at once, before its next check.
  for (let request = 0; request < 3; request++)
    expect(await fetchAs('wiki.test', place.listenerPort)).toMatchObject({ status: expect.any(Number) })
  await expect.poll(() => app.tray()).toMatchObject({ toolTip: 'AstroRelay: the one service is down' })
  expect((await app.tray()).icon).not.toBe(well)
})

test('the gateway can be stopped and started from the tray', async ({ launch, place }) => {
  const backend = await startBackend('hello')
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => app.trayLabels()).toContain('Stop gateway')
  await app.pressTray('stop')
  await expect.poll(() => app.tray()).toMatchObject({ toolTip: 'AstroRelay: the gateway is stopped' })
  expect(await app.trayLabels()).toEqual(expect.arrayContaining(['Gateway stopped', 'Start gateway']))
  await expect(fetchAs('wiki.test', place.listenerPort)).rejects.toThrow(/ECONNREFUSED/)

  await app.pressTray('start')
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort).catch((error: Error) => error.message)).toMatchObject({ body: 'hello' })
  await backend.stop()
})
