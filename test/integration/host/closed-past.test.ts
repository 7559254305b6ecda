import { expect, test } from 'vitest'
import type { DocumentFile } from '../../../proxy/host/store/document-file'
import { openOwnDocumentFile } from '../../../proxy/host/store/own-document-file'
import { FakeEngines } from '../../support/fake-engine'
import { startTestHost } from '../../support/test-host'
import { until } from '../../support/until'

test('what was closed past the host stays closed while that cannot be saved, on every engine that is started, and is saved as soon as it can be', async () => {
  const engines = new FakeEngines()
  const disk = { isFull: true }
  const openDocumentFile = (file: string): DocumentFile => {
    const own = openOwnDocumentFile(file)
    return {
      ...own,
      write(document) {
        if (disk.isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
        own.write(document)
      },
    }
  }
  const test = await startTestHost({ engines, openDocumentFile })
  engines.emit('closed', { at: Date.now() })
  await until('the person to be told', () => test.notices.some(({ title }) => title === 'Everything is closed, which cannot be saved'))
  const before = engines.asked.length
  engines.crash()
  await until('the next engine', () => engines.spawned === 2 && engines.asked.slice(before).includes('load'))
  const calls = engines.asked.slice(before).filter((name) => name === 'closeAll' || name === 'load')
  expect(calls.slice(0, 2)).toEqual(['closeAll', 'load'])
  disk.isFull = false
  await until('it to be saved', async () => JSON.stringify((await test.current()).document).includes('"closed":true'))
})
