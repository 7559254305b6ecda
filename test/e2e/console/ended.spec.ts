import { scryptSync } from 'node:crypto'
import { openRaw, readUntil } from '../../support/raw-client'
import { expect, message, openConsole, test } from './console-test'

function hashOf(password: string): string {
  const salt = Buffer.from('sixteen bytes...')
  return `scrypt$1024$8$1$${salt.toString('base64')}$${scryptSync(password, salt, 32, { N: 1_024, r: 8, p: 1 }).toString('base64')}`
}

test('who takes a user away is asked how many connections that ends, and told how many it was', async ({
  consoleHost,
  gateway,
  backend,
  page,
  atEnd,
}) => {
  const { url } = await backend({ handler: (_, response) => void response.write('first ') })
  const users = [
    { name: 'anna', hash: hashOf('secret') },
    { name: 'bert', hash: hashOf('other') },
  ]
  await gateway.add({ id: 'wiki', name: 'Office wiki', url, basicAuth: { users } })
  const authorization = `Basic ${Buffer.from('anna:secret').toString('base64')}`
  const socket = await openRaw(consoleHost.listenerPort, `GET / HTTP/1.1\r\nHost: wiki.test\r\nAuthorization: ${authorization}\r\n\r\n`)
  atEnd(() => socket.destroy())
  const ended = new Promise((resolve) => void socket.once('close', resolve))
  expect(await readUntil(socket, (text) => text.includes('first '))).toContain('200 OK')

  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  await page.getByRole('button', { name: 'Remove anna' }).click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  const question = page.getByRole('alertdialog', { name: 'End 1 open connection?' })
  await expect(question).toContainText('1 open connection ends within a second: what let it in is no longer so.')
  await question.getByRole('button', { name: 'Save all the same' }).click()
  await expect(message(page, 'Changed Office wiki')).toContainText('1 open connection was ended.')
  await ended
})
