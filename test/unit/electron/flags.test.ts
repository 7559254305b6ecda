import path from 'node:path'
import { expect, test } from 'vitest'
import { readFlags } from '../../../electron/main/flags'

const cwd = path.resolve('/home/anna')

test('paths count from where the app was started', () => {
  expect(readFlags(['electron', '/app', '--data', 'relay', '--config=/etc/relay.json'], cwd)).toEqual({ hidden: false, dataDirectory: path.join(cwd, 'relay'), configFile: path.resolve('/etc/relay.json') })
})

test('the switches of Electron and of a test runner are left alone', () => {
  const argv = ['electron', '--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '-r', '/test/record.cjs', '/app', '--hidden']
  expect(readFlags(argv, cwd)).toEqual({ hidden: true, dataDirectory: null, configFile: null })
})

test('a flag without its value is as good as none', () => {
  expect(readFlags(['electron', '/app', '--data'], cwd).dataDirectory).toBeNull()
})
