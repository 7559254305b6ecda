import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dataDirectoryOwner, lockDataDirectory } from '../../../proxy/host/data-lock'
import { tempDirectory } from '../../support/temp-directory'

test('a data directory has one host; the second is told which', () => {
  const directory = tempDirectory()
  const unlock = lockDataDirectory(directory)
  expect(() => lockDataDirectory(directory)).toThrow(`already running with the data in ${directory} (pid ${process.pid})`)
  expect(dataDirectoryOwner(directory)).toBe(process.pid)
  unlock()
  expect(dataDirectoryOwner(directory)).toBeNull()
  lockDataDirectory(directory)()
})

test('the lock of a process that was killed is taken over', async () => {
  const directory = tempDirectory()
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('exit', resolve))
  writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: child.pid, born: '1' }))
  lockDataDirectory(directory)()
})

test.runIf(process.platform === 'linux')('a pid that another program has got meanwhile is not taken for the owner', () => {
  const directory = tempDirectory()
  const child = spawn('sleep', ['60'])
  onTestFinished(() => void child.kill('SIGKILL'))
  writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: child.pid, born: '1' }))
  lockDataDirectory(directory)()
})

test('a half-written lock is taken over', () => {
  const directory = tempDirectory()
  writeFileSync(path.join(directory, 'lock'), '{"pi')
  const unlock = lockDataDirectory(directory)
  expect(JSON.parse(readFileSync(path.join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  unlock()
})
