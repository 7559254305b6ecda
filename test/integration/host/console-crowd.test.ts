import { expect, onTestFinished, test } from 'vitest'
import { openRaw } from '../../support/raw-client'
import { startConsole } from '../../support/test-console'
import { until } from '../../support/until'

test('a program that opens hundreds of connections to the console and says nothing keeps nobody out of it', async () => {
  const { origin, api } = await startConsole()
  const port = Number(new URL(origin).port)
  const silent = await Promise.all(Array.from({ length: 600 }, () => openRaw(port)))
  onTestFinished(() => silent.forEach((socket) => void socket.destroy()))
  for (const socket of silent) socket.resume()
  await until('all but so many to be closed', () => silent.filter((socket) => !socket.destroyed).length <= 128)
  expect((await api('GET', '/config')).status).toBe(200)
  // Whoever has asked something is not among the silent ones while it is answered.
  expect((await Promise.all(Array.from({ length: 20 }, () => api('GET', '/config')))).map(({ status }) => status)).toEqual(
    Array.from({ length: 20 }, () => 200),
  )
})
