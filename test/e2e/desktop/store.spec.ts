import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { startBackend } from '../fixtures/backend'
import { expect, test } from '../fixtures/desktop'
import { fetchAs } from '../fixtures/gateway'

const cli = path.resolve(import.meta.dirname, '../../../out/cli.js')

test('what the app saved serves without a desktop afterwards: one file, one format', async ({ launch, launchToEnd, place }) => {
  const backend = await startBackend('hello')
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  const { document } = await app.call('config.get', {})
  expect(JSON.parse(readFileSync(place.configFile, 'utf8'))).toEqual(document)
  await app.close()

  expect(execFileSync(process.execPath, [cli, 'check', place.configFile], { encoding: 'utf8' })).not.toContain('error')
  const server = spawn(process.execPath, [cli, 'serve', '--data', place.dataDir, '--config', place.configFile, '--no-console'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  for await (const line of createInterface({ input: server.stdout })) if (line === 'ready') break
  expect(await fetchAs('wiki.test', place.listenerPort)).toEqual({ status: 200, body: 'hello' })

  // And the app does not start beside it: two hosts would write one file.
  const other = await launchToEnd()
  expect(other.code).toBe(3)
  expect(other.stderr).toContain(`pid ${server.pid}`)

  server.kill('SIGTERM')
  await ended
  expect(JSON.parse(readFileSync(place.configFile, 'utf8'))).toEqual(document)
  await backend.stop()
})

test('the command line works on the app’s gateway', async ({ launch, place }) => {
  const app = await launch()
  await app.window()
  const status = execFileSync(process.execPath, [cli, 'status', '--json', '--data', place.dataDir], { encoding: 'utf8' })
  expect(JSON.parse(status)).toMatchObject({ engine: { state: 'running' } })
})
