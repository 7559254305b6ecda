import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ask } from '../../support/ask'
import { hostFolder } from '../../support/hosted-folder'
import { startGateway } from '../../support/gateway'
import { tempDirectory } from '../../support/temp-directory'

describe.skipIf(process.platform === 'win32')('what is hosted for nobody, whatever leads there', () => {
  test.each([
    ['/', 'etc/passwd'],
    ['/proc', 'self/status'],
    ['/proc/self/root', 'etc/passwd'],
    ['/sys', 'kernel/mm'],
    ['/dev', 'null'],
  ])('a link to %s', async (target, name) => {
    if (!existsSync(target)) return
    const root = path.join(tempDirectory(), 'site')
    symlinkSync(target, root)
    const { gateway, port } = await hostFolder({ 'a.txt': 'a' })
    await gateway.serve({ id: 'manuals', name: 'Manuals', type: 'files', root, listing: true, dotFiles: true })
    for (const asked of ['/', `/${name}`]) expect((await ask(port, asked)).status).toBe(503)
    expect((await gateway.rows())[0]?.reason).toContain('hosted for nobody')
  })

  test('a second name of a file of the data directory, in a path or a list; other files with two names are', async () => {
    const folder = tempDirectory()
    const [data, root] = [path.join(folder, 'data'), path.join(folder, 'site')]
    for (const made of [path.join(data, 'history'), root]) mkdirSync(made, { recursive: true })
    for (const name of ['console-token', 'history/1.json', '../data.json.previous']) writeFileSync(path.join(data, name), 'secret')
    linkSync(path.join(data, 'console-token'), path.join(root, 'notes.txt'))
    linkSync(path.join(data, 'history/1.json'), path.join(root, 'one.json'))
    linkSync(path.join(folder, 'data.json.previous'), path.join(root, 'two.json'))
    writeFileSync(path.join(root, 'own.txt'), 'own')
    linkSync(path.join(root, 'own.txt'), path.join(root, 'own-too.txt'))
    const gateway = await startGateway()
    onTestFinished(() => gateway.stop())
    const document = {
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
      services: [{ id: 'manuals', name: 'Manuals', type: 'files', root, listing: true }],
    }
    await gateway.call('load', { revision: '7', document, hidden: [data, path.join(folder, 'data.json')] })
    for (const name of ['notes.txt', 'one.json', 'two.json']) expect((await ask(gateway.port, `/${name}`)).status).toBe(404)
    expect(await ask(gateway.port, '/own-too.txt')).toMatchObject({ status: 200, text: 'own' })
    const list: unknown = JSON.parse((await ask(gateway.port, '/', { headers: { accept: 'application/json' } })).text)
    expect(list).toMatchObject([{ name: 'own-too.txt' }, { name: 'own.txt' }])
  })
})
