import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { inTurn } from '../../../electron/launch/turn.mjs'
import { tempDirectory } from '../../support/temp-directory'

test('a second start waits for the first; one that was killed is not waited for', async () => {
  const folder = tempDirectory()
  const file = path.join(folder, '.turn')
  const first = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })
  onTestFinished(() => void first.kill('SIGKILL'))
  writeFileSync(file, String(first.pid))
  const said = vi.spyOn(console, 'error').mockReturnValue(undefined)
  let worked = false
  const second = inTurn(folder, () => {
    worked = true
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid))
  })
  await vi.waitFor(() => expect(said).toHaveBeenCalledOnce())
  expect(worked).toBe(false)
  first.kill('SIGKILL')
  await second
  expect(worked).toBe(true)
  expect(existsSync(file)).toBe(false)
  said.mockRestore()
})

test('the turn is given back when the work fails', async () => {
  const folder = tempDirectory()
  await expect(
    inTurn(folder, () => {
      throw new Error('no space left')
    }),
  ).rejects.toThrow('no space left')
  expect(existsSync(path.join(folder, '.turn'))).toBe(false)
})
