import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openOwnDocumentFile } from '../../../proxy/host/store/own-document-file'
import { documentWith } from '../../support/fake-engine'
import { startTestHost, type TestHost } from '../../support/test-host'

async function put({ host }: TestHost, document: unknown, baseRevision?: string): Promise<{ revision: string }> {
  return host.handlers['config.put']({ document, baseRevision, by: 'window' })
}

function stored({ file }: TestHost): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

describe('a save', () => {
  test('goes to the engine, then to the file, then to every client, with a new revision', async () => {
    const test = await startTestHost()
    const heard: unknown[] = []
    test.host.on('config', (event) => heard.push([event.revision, event.by, stored(test)]))
    await expect(put(test, documentWith({ wiki: 3000 }), '1')).resolves.toEqual({ revision: '2', ended: 0, notes: [] })
    expect(test.engines.loaded).toEqual(['1', '2'])
    expect(heard).toEqual([['2', 'window', documentWith({ wiki: 3000 })]])
    expect(await test.current()).toEqual({ revision: '2', document: documentWith({ wiki: 3000 }) })
  })

  test('that is not valid changes nothing, and says where it is wrong', async () => {
    const test = await startTestHost()
    const refused = put(test, { ...documentWith(), listeners: [{ id: 'web', port: 0 }] })
    await expect(refused).rejects.toMatchObject({ code: 'AR_INVALID', issues: [{ path: 'listeners[0].port' }] })
    expect(test.engines.loaded).toEqual(['1'])
    expect(stored(test)).toEqual(documentWith())
  })

  test('that the engine refuses changes nothing', async () => {
    const test = await startTestHost()
    test.engines.refuseWith = [{ path: 'services[0]', message: 'no' }]
    await expect(put(test, documentWith({ wiki: 3000 }))).rejects.toMatchObject({
      code: 'AR_INVALID',
      issues: [{ path: 'services[0]', message: 'no' }],
    })
    expect(await test.current()).toEqual({ revision: '1', document: documentWith() })
    expect(stored(test)).toEqual(documentWith())
  })

  test('on a revision that is no longer the current one is a conflict, which names the current one', async () => {
    const test = await startTestHost()
    await put(test, documentWith({ wiki: 3000 }), '1')
    await expect(put(test, documentWith({ other: 3001 }), '1')).rejects.toMatchObject({ code: 'AR_CONFLICT', revision: '2' })
    expect(stored(test)).toEqual(documentWith({ wiki: 3000 }))
  })

  test('without a revision wins over what was there', async () => {
    const test = await startTestHost()
    await put(test, documentWith({ wiki: 3000 }))
    await expect(put(test, documentWith({ other: 3001 }))).resolves.toEqual({ revision: '3', ended: 0, notes: [] })
  })

  test('of what is there already is no revision', async () => {
    const test = await startTestHost()
    await expect(put(test, documentWith())).resolves.toEqual({ revision: '1', ended: 0, notes: [] })
  })

  test('at the same moment as others: each gets its turn, one wins on the same base', async () => {
    const test = await startTestHost()
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => put(test, documentWith({ [`s${n}`]: 3000 + n }), '1')))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(test.engines.loaded).toEqual(['1', '2'])
  })

  test('that cannot be written is taken back from the engine, and nothing has changed', async () => {
    let full = false
    const test = await startTestHost({
      openDocumentFile: (file) => {
        const real = openOwnDocumentFile(file)
        const write = (document: Parameters<typeof real.write>[0]): void => {
          if (full) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
          real.write(document)
        }
        return { path: file, write }
      },
    })
    full = true
    await expect(put(test, documentWith({ wiki: 3000 }))).rejects.toMatchObject({
      code: 'AR_STORE',
      message: `Changes cannot be saved: there is no space left on the disk (${test.file}). Nothing was changed.`,
    })
    expect(test.engines.loaded).toEqual(['1', '2', '1'])
    expect(await test.current()).toEqual({ revision: '1', document: documentWith() })
    expect(await test.host.handlers.history({})).toHaveLength(1)
    full = false
    await expect(put(test, documentWith({ wiki: 3000 }))).resolves.toEqual({ revision: '3', ended: 0, notes: [] })
  })

  test('works while the gateway is stopped, and serves when it starts', async () => {
    const test = await startTestHost()
    await test.host.handlers['engine.stop']({})
    await put(test, documentWith({ wiki: 3000 }))
    expect(test.engines.loaded).toEqual(['1'])
    await test.host.handlers['engine.start']({})
    expect(test.engines.loaded).toEqual(['1', '2'])
  })

  test('of a service that leads back to the console is refused', async () => {
    const test = await startTestHost({ console: { host: '127.0.0.1', port: 0, named: true } })
    const port = Number(new URL(test.host.console?.origin ?? '').port)
    await expect(put(test, documentWith({ loop: port }))).rejects.toMatchObject({ issues: [{ path: 'services[0].backends[0].url' }] })
  })

  test('keeps what was there before beside the file, private as the file', async () => {
    const test = await startTestHost()
    await put(test, documentWith({ wiki: 3000 }))
    await put(test, documentWith({ wiki: 3001 }))
    expect(JSON.parse(readFileSync(`${test.file}.previous`, 'utf8'))).toEqual(documentWith({ wiki: 3000 }))
    if (process.platform !== 'win32')
      expect([test.file, `${test.file}.previous`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])
    expect(readdirSync(test.data).filter((name) => name.includes('tmp'))).toEqual([])
  })
})

describe('the history', () => {
  test('tells in words who changed what, and brings any of it back, live', async () => {
    const test = await startTestHost()
    await put(test, documentWith({ wiki: 3000 }))
    await put(test, documentWith())
    const restored = await test.host.handlers['history.restore']({ revision: '2' })
    expect(restored).toEqual({ revision: '4' })
    expect(await test.current()).toEqual({ revision: '4', document: documentWith({ wiki: 3000 }) })
    expect(test.engines.loaded).toEqual(['1', '2', '3', '4'])
    const rows = await test.host.handlers.history({})
    expect(rows.map(({ revision, by, summary, current }) => [revision, by, summary, current])).toEqual([
      ['4', 'history', 'Went back to revision 2', true],
      ['3', 'window', 'Removed wiki', false],
      ['2', 'window', 'Added wiki', false],
      ['1', 'file', 'First configuration', false],
    ])
  })

  test('goes on where it was after a restart', async () => {
    const first = await startTestHost()
    await put(first, documentWith({ wiki: 3000 }))
    await first.stop()
    const second = await startTestHost({ data: first.data })
    expect(await second.current()).toEqual({ revision: '2', document: documentWith({ wiki: 3000 }) })
    await expect(put(second, documentWith())).resolves.toEqual({ revision: '3', ended: 0, notes: [] })
    expect(await second.host.handlers['history.get']({ revision: '2' })).toEqual({ revision: '2', document: documentWith({ wiki: 3000 }) })
  })

  test('of a revision that is not there', async () => {
    const test = await startTestHost()
    await expect(Promise.resolve(test.host.handlers['history.restore']({ revision: '99' }))).rejects.toMatchObject({ code: 'AR_NOT_FOUND' })
  })
})
