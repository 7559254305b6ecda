import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { documentWith } from '../../support/fake-engine'
import { tempDirectory } from '../../support/temp-directory'
import { startTestHost } from '../../support/test-host'
import { until } from '../../support/until'

/** A data directory in which two revisions were saved, the second with a service. */
async function saved(): Promise<{ data: string; file: string }> {
  const first = await startTestHost()
  await first.host.handlers['config.put']({ document: documentWith({ wiki: 3000 }) })
  await first.stop()
  return first
}

describe('without its configuration file', () => {
  test('the last revision serves, the file is written again, and a person is told', async () => {
    const { data, file } = await saved()
    rmSync(file)
    const again = await startTestHost({ data })
    expect(await again.current()).toEqual({ revision: '2', document: documentWith({ wiki: 3000 }) })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(documentWith({ wiki: 3000 }))
    expect((await again.host.handlers.info({})).notices).toMatchObject([
      { level: 'error', title: 'The configuration file is gone', text: expect.stringContaining('revision 2') },
    ])
    expect((await again.host.handlers.history({})).map(({ revision }) => revision)).toEqual(['2', '1'])
  })

  test.skipIf(process.platform === 'win32')(
    'but a link that leads nowhere the last revision serves, until what it leads to is there',
    async () => {
      const { data, file } = await saved()
      const target = path.join(tempDirectory(), 'elsewhere.json')
      rmSync(file)
      symlinkSync(target, file)
      const again = await startTestHost({ data })
      expect((await again.current()).revision).toBe('2')
      expect((await again.host.handlers.info({})).notices).toMatchObject([{ title: 'The configuration file leads nowhere' }])
      expect(existsSync(target)).toBe(false)
      writeFileSync(target, JSON.stringify(documentWith({ shop: 4000 })))
      await again.host.reload()
      expect((await again.current()).document).toEqual(documentWith({ shop: 4000 }))
    },
  )

  test('and with a history of which nothing can be read a new one is begun', async () => {
    const { data, file } = await saved()
    rmSync(file)
    for (const name of readdirSync(path.join(data, 'history'))) writeFileSync(path.join(data, 'history', name), '{"revision":')
    const again = await startTestHost({ data })
    expect(await again.current()).toMatchObject({ revision: '3', document: { services: [] } })
  })
})

describe('a document that is nested a hundred thousand deep', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)

  test('in the file at a start is set aside, and the last good one serves', async () => {
    const { data, file } = await saved()
    writeFileSync(file, `{"version":1,"services":${deep}}`)
    const again = await startTestHost({ data })
    expect((await again.current()).revision).toBe('2')
    expect((await again.host.handlers.info({})).notices).toMatchObject([
      { text: expect.stringContaining('lie more than 64 deep within one another') },
    ])
  })

  test('in the file while it runs is told of with its place, and the one before serves on', async () => {
    const { host, file, notices, current } = await startTestHost()
    writeFileSync(file, `{"version":1,\n"services":${deep}}`)
    await host.reload()
    expect(notices.at(-1)?.text).toMatch(/line 2, column \d+: lists and objects lie more than 64 deep/)
    expect((await current()).revision).toBe('1')
  })

  test('in a file of the data directory is not read, and nothing else suffers', async () => {
    const { data } = await saved()
    for (const name of ['lockdown.json', 'health.jsonl', 'console.json', 'lock']) writeFileSync(path.join(data, name), deep)
    writeFileSync(path.join(data, 'history', '000001.json'), deep)
    const again = await startTestHost({ data })
    expect((await again.current()).revision).toBe('2')
    expect((await again.host.handlers.history({})).map(({ revision }) => revision)).toEqual(['2'])
  })
})

test.each(['lockdown.json', 'health.jsonl'])(
  '%s that is damaged, a folder, or a gigabyte long keeps nothing from starting',
  async (name) => {
    for (const spoil of [
      (file: string) => writeFileSync(file, Buffer.from([0, 255, 123, 10, 91])),
      (file: string) => mkdirSync(file),
      (file: string) => {
        writeFileSync(file, '')
        truncateSync(file, 1024 ** 3)
      },
    ]) {
      const { data } = await saved()
      rmSync(path.join(data, name), { force: true })
      spoil(path.join(data, name))
      const again = await startTestHost({ data })
      expect((await again.current()).revision).toBe('2')
      await again.host.handlers['config.put']({ document: documentWith({ wiki: 3001 }) })
      await again.stop()
    }
  },
)

test('each revision that is damaged alone leaves the others to go back to', async () => {
  const first = await startTestHost()
  for (let port = 3001; port < 3005; port++) await first.host.handlers['config.put']({ document: documentWith({ wiki: port }) })
  await first.stop()
  const folder = path.join(first.data, 'history')
  for (const [at, name] of readdirSync(folder).toSorted().entries()) {
    const whole = readFileSync(path.join(folder, name))
    writeFileSync(path.join(folder, name), whole.subarray(0, whole.length / 2))
    const again = await startTestHost({ data: first.data })
    expect((await again.current()).document).toEqual(documentWith({ wiki: 3004 }))
    const rows = (await again.host.handlers.history({})).map(({ revision }) => revision)
    expect([rows.includes(String(at + 1)), rows.length >= 4]).toEqual([false, true])
    await again.stop()
    for (const left of readdirSync(folder)) if (Number.parseInt(left, 10) > 5) rmSync(path.join(folder, left))
    writeFileSync(path.join(folder, name), whole)
  }
})

test('what killed writes have left is gone after a start', async () => {
  const { data, file } = await saved()
  for (const place of [file, path.join(data, 'history', '000002.json'), path.join(data, 'console-token')])
    writeFileSync(`${place}.0123456789abcdef.tmp`, '{"half')
  const again = await startTestHost({ data })
  expect([...readdirSync(data), ...readdirSync(path.join(data, 'history'))].filter((name) => name.endsWith('.tmp'))).toEqual([])
  await again.stop()
})

test.skipIf(process.platform === 'win32')('a data folder that is open to everybody is closed to them, and that is told', async () => {
  const { data } = await saved()
  chmodSync(data, 0o777)
  const again = await startTestHost({ data })
  const { notices } = await again.host.handlers.info({})
  expect(notices).toMatchObject([
    { level: 'warning', title: 'The data folder was open to everybody', text: expect.stringContaining('mode 777') },
  ])
  expect(statSync(data).mode & 0o777).toBe(0o770)
  const unsaved = await until('an answer', async () => ({ readOnly: (await again.host.handlers.info({})).readOnly }))
  expect(unsaved).toEqual({ readOnly: null })
})
