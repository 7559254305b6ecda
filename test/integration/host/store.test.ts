import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { startHost } from '../../../proxy/host/host'
import { openOwnDocumentFile } from '../../../proxy/host/store/own-document-file'
import { documentWith, FakeEngines } from '../../support/fake-engine'
import { tempDirectory } from '../../support/temp-directory'
import { startTestHost } from '../../support/test-host'
import { until } from '../../support/until'

/** A directory with a configuration file that a person keeps, and a data directory beside it. */
function ownFile(content: unknown): { file: string; data: string } {
  const directory = tempDirectory()
  const file = path.join(directory, 'relay.json')
  if (content !== undefined) writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  return { file, data: path.join(directory, 'data') }
}

/** Less than the time after which a file is looked at without having been told of a change. */
const BEFORE_POLL = 4_000

describe('the store of the data directory', () => {
  test('begins with one listener on every interface', async () => {
    const test = await startTestHost({ stored: null })
    const { document } = await test.current()
    expect(document).toMatchObject({ version: 1, listeners: [{ id: 'web', protocol: 'http' }], services: [] })
    expect(JSON.parse(readFileSync(test.file, 'utf8'))).toEqual(document)
  })

  test.each([
    ['damaged', '{"version":1,"listeners":[{"id":"we'],
    ['newer', '{"version":2,"galaxies":[]}'],
    ['invalid', '{"version":1,"listeners":[{"id":"web","port":0}]}'],
  ])('a %s file is set aside, the last good one serves, and a person is told', async (why, text) => {
    const first = await startTestHost()
    await first.host.handlers['config.put']({ document: documentWith({ wiki: 3000 }) })
    await first.stop()
    writeFileSync(first.file, text)
    const second = await startTestHost({ data: first.data })
    expect(await second.current()).toEqual({ revision: '2', document: documentWith({ wiki: 3000 }) })
    const kept = readdirSync(first.data).find((name) => name.startsWith(`config.json.${why}-`))
    expect(readFileSync(path.join(first.data, kept ?? ''), 'utf8')).toBe(text)
    expect(JSON.parse(readFileSync(first.file, 'utf8'))).toEqual(documentWith({ wiki: 3000 }))
    const { notices } = await second.host.handlers.info({})
    expect(notices).toEqual([expect.objectContaining({ level: 'error', text: expect.stringContaining('revision 2') as string })])
  })

  test('a damaged file without a history is set aside for a new store', async () => {
    const test = await startTestHost({ stored: 'garbage' })
    expect((await test.current()).document).toMatchObject({ services: [] })
    expect(readdirSync(test.data).some((name) => name.startsWith('config.json.damaged-'))).toBe(true)
  })

  test('what was edited while nothing ran is taken, as a revision', async () => {
    const first = await startTestHost()
    await first.stop()
    writeFileSync(first.file, JSON.stringify(documentWith({ wiki: 3000 })))
    const second = await startTestHost({ data: first.data })
    expect((await second.host.handlers.history({}))[0]).toMatchObject({ revision: '2', by: 'file', current: true })
  })

  test('is one host’s alone', async () => {
    const test = await startTestHost()
    await expect(startTestHost({ data: test.data })).rejects.toThrow(`(pid ${process.pid})`)
  })
})

describe('what cannot be used is said in a sentence', () => {
  test('a folder in the place of the configuration', async () => {
    const folder = tempDirectory()
    await expect(startTestHost({ configFile: folder })).rejects.toThrow(`${folder} cannot be read: it is a folder.`)
  })

  test('a file in the place of the data folder', async () => {
    const file = path.join(tempDirectory(), 'data')
    writeFileSync(file, '')
    await expect(
      startHost({
        kind: 'server',
        version: '1',
        dataDirectory: file,
        engines: new FakeEngines(),
        openDocumentFile: openOwnDocumentFile,
        console: null,
        rendererDirectory: file,
        log: () => undefined,
      }),
    ).rejects.toThrow(`The data folder ${file} cannot be used: there is a file of that name.`)
  })
})

describe('a file that a person keeps', () => {
  test('is the store itself: what is saved is written there, nothing else is', async () => {
    const { file, data } = ownFile(documentWith())
    const test = await startTestHost({ configFile: file, data })
    await test.host.handlers['config.put']({ document: documentWith({ wiki: 3000 }) })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(documentWith({ wiki: 3000 }))
    expect(JSON.parse(readFileSync(`${file}.previous`, 'utf8'))).toEqual(documentWith())
    expect(readdirSync(data)).not.toContain('config.json')
  })

  test('that is not there is begun', async () => {
    const { file, data } = ownFile(undefined)
    await startTestHost({ configFile: file, data })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1, services: [] })
  })

  test('edited by hand is picked up live, however the editor writes', async () => {
    const { file, data } = ownFile(documentWith())
    const test = await startTestHost({ configFile: file, data })
    writeFileSync(file, JSON.stringify(documentWith({ wiki: 3000 })))
    await until('the edit', () => test.engines.loaded.includes('2'))
    writeFileSync(`${file}~`, JSON.stringify(documentWith({ wiki: 3001 })))
    renameSync(`${file}~`, file)
    await until('the edit by rename', () => test.engines.loaded.includes('3'))
    expect(await test.current()).toEqual({ revision: '3', document: documentWith({ wiki: 3001 }) })
    expect((await test.host.handlers.history({}))[0]).toMatchObject({ by: 'file', summary: 'Changed wiki' })
  })

  test.skipIf(process.platform === 'win32')('behind a link is picked up too, and stays behind it', async () => {
    const { file, data } = ownFile(documentWith())
    const link = path.join(path.dirname(file), 'links', 'relay.json')
    mkdirSync(path.dirname(link))
    symlinkSync(file, link)
    const test = await startTestHost({ configFile: link, data })
    writeFileSync(file, JSON.stringify(documentWith({ wiki: 3000 })))
    await until('the edit', () => test.engines.loaded.includes('2'))
    await test.host.handlers['config.put']({ document: documentWith() })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(documentWith())
  })

  test.skipIf(process.platform === 'win32')(
    'behind a link to a folder that is swapped, as a ConfigMap is, follows every swap and every later edit',
    async () => {
      const folder = tempDirectory()
      const version = (name: string, services: Readonly<Record<string, number>>): string => {
        mkdirSync(path.join(folder, name))
        writeFileSync(path.join(folder, name, 'relay.json'), JSON.stringify(documentWith(services)))
        return name
      }
      const swapTo = (name: string): void => {
        symlinkSync(name, path.join(folder, '..data_tmp'))
        renameSync(path.join(folder, '..data_tmp'), path.join(folder, '..data'))
      }
      swapTo(version('..1', {}))
      const file = path.join(folder, 'relay.json')
      symlinkSync(path.join('..data', 'relay.json'), file)
      const test = await startTestHost({ configFile: file, data: tempDirectory() })
      swapTo(version('..2', { wiki: 3000 }))
      rmSync(path.join(folder, '..1'), { recursive: true })
      await until('the swap', () => test.engines.loaded.includes('2'), BEFORE_POLL)
      swapTo(version('..3', { wiki: 3001 }))
      await until('the next swap', () => test.engines.loaded.includes('3'), BEFORE_POLL)
      writeFileSync(path.join(folder, '..3', 'relay.json'), JSON.stringify(documentWith({ wiki: 3002 })))
      await until('an edit behind it', () => test.engines.loaded.includes('4'), BEFORE_POLL)
      await test.host.handlers['config.put']({ document: documentWith({ wiki: 3003 }) })
      expect(lstatSync(file).isSymbolicLink()).toBe(true)
      expect(JSON.parse(readFileSync(path.join(folder, '..3', 'relay.json'), 'utf8'))).toEqual(documentWith({ wiki: 3003 }))
    },
  )

  test.skipIf(process.platform === 'win32')('behind a link of a folder far above, as NixOS has it, follows where that leads', async () => {
    const root = tempDirectory()
    for (const [generation, port] of [
      ['one', 3000],
      ['two', 3001],
    ] as const) {
      mkdirSync(path.join(root, 'store', generation, 'relay'), { recursive: true })
      writeFileSync(path.join(root, 'store', generation, 'relay/relay.json'), JSON.stringify(documentWith({ wiki: port })))
    }
    mkdirSync(path.join(root, 'etc/relay'), { recursive: true })
    symlinkSync(path.join(root, 'store/one'), path.join(root, 'etc/static'))
    const file = path.join(root, 'etc/relay/relay.json')
    symlinkSync('../static/relay/relay.json', file)
    const test = await startTestHost({ configFile: file, data: tempDirectory() })
    symlinkSync(path.join(root, 'store/two'), path.join(root, 'etc/static.new'))
    renameSync(path.join(root, 'etc/static.new'), path.join(root, 'etc/static'))
    await until('the new generation', () => test.engines.loaded.includes('2'), BEFORE_POLL)
    expect((await test.current()).document).toEqual(documentWith({ wiki: 3001 }))
  })

  test('whose whole folder is put in another’s place is found in the new one', async () => {
    const root = tempDirectory()
    for (const [name, port] of [
      ['here', 3000],
      ['next', 3001],
    ] as const) {
      mkdirSync(path.join(root, name))
      writeFileSync(path.join(root, name, 'relay.json'), JSON.stringify(documentWith({ wiki: port })))
    }
    const test = await startTestHost({ configFile: path.join(root, 'here/relay.json'), data: tempDirectory() })
    renameSync(path.join(root, 'here'), path.join(root, 'old'))
    renameSync(path.join(root, 'next'), path.join(root, 'here'))
    await until('the other folder', () => test.engines.loaded.includes('2'), BEFORE_POLL)
  })

  test('edited into an error is refused with line and path, and left for its owner to mend', async () => {
    const { file, data } = ownFile(documentWith())
    const test = await startTestHost({ configFile: file, data })
    const broken = '{\n  "version": 1,\n  "listeners": [\n    { "id": "web", "port": 0 }\n  ]\n}\n'
    writeFileSync(file, broken)
    const notice = await until('the notice', () => test.notices[0])
    expect(notice.text).toContain('line 4, listeners[0].port: choose a port from 1 to 65535')
    expect(readFileSync(file, 'utf8')).toBe(broken)
    expect(await test.current()).toEqual({ revision: '1', document: documentWith() })
    writeFileSync(file, JSON.stringify(documentWith({ wiki: 3000 })))
    await until('the mended file', () => test.engines.loaded.includes('2'))
  })

  test('with an error is kept under a name of its own by the next save', async () => {
    const { file, data } = ownFile(documentWith())
    const test = await startTestHost({ configFile: file, data })
    writeFileSync(file, '{ "version": 1, }')
    await until('the notice', () => test.notices[0])
    await test.host.handlers['config.put']({ document: documentWith({ wiki: 3000 }) })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(documentWith({ wiki: 3000 }))
    const kept = readdirSync(path.dirname(file)).find((name) => name.startsWith('relay.json.refused-'))
    expect(readFileSync(path.join(path.dirname(file), kept ?? ''), 'utf8')).toBe('{ "version": 1, }')
  })

  test('edited a moment before a save is a conflict, not lost', async () => {
    const { file, data } = ownFile(documentWith())
    const test = await startTestHost({ configFile: file, data })
    writeFileSync(file, JSON.stringify(documentWith({ hand: 3000 })))
    await expect(
      Promise.resolve(test.host.handlers['config.put']({ document: documentWith({ wiki: 3001 }), baseRevision: '1' })),
    ).rejects.toMatchObject({ code: 'AR_CONFLICT', revision: '2' })
    expect(await test.current()).toEqual({ revision: '2', document: documentWith({ hand: 3000 }) })
  })

  test('with an error at the start: the last good one of this very file serves', async () => {
    const { file, data } = ownFile(documentWith({ wiki: 3000 }))
    const first = await startTestHost({ configFile: file, data })
    await first.stop()
    writeFileSync(file, 'oops')
    const second = await startTestHost({ configFile: file, data })
    expect(await second.current()).toEqual({ revision: '1', document: documentWith({ wiki: 3000 }) })
    expect(readFileSync(file, 'utf8')).toBe('oops')
    await second.host.handlers['config.put']({ document: documentWith() })
    expect(readdirSync(path.dirname(file)).some((name) => name.startsWith('relay.json.refused-'))).toBe(true)
  })

  test('with an error at the very first start: nothing starts, and the reason has line and path', async () => {
    const { file, data } = ownFile('{\n  "version": 1,\n  "listeners": [{ "id": "web", "port": 0 }]\n}')
    mkdirSync(data)
    await expect(startTestHost({ configFile: file, data })).rejects.toThrow(
      `${file} is not a valid configuration:\nline 3, listeners[0].port: choose a port from 1 to 65535`,
    )
  })
})
