import path from 'node:path'
import { expect, test } from 'vitest'
import { DEFAULT_CONSOLE } from '../../../proxy/host/console/console-address'
import { readFlags } from '../../../electron/main/flags'

const cwd = path.resolve('/home/anna')

test('paths count from where the app was started', () => {
  expect(readFlags(['electron', '/app', '--data', 'relay', '--config=/etc/relay.json'], cwd)).toEqual({
    hidden: false,
    dataDirectory: path.join(cwd, 'relay'),
    configFile: path.resolve('/etc/relay.json'),
    console: DEFAULT_CONSOLE,
  })
})

test('the switches of Electron and of a test runner are left alone', () => {
  const argv = ['electron', '--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '-r', '/test/record.cjs', '/app', '--hidden']
  expect(readFlags(argv, cwd)).toEqual({ hidden: true, dataDirectory: null, configFile: null, console: DEFAULT_CONSOLE })
})

test('a flag without its value is as good as none', () => {
  expect(readFlags(['electron', '/app', '--data'], cwd).dataDirectory).toBeNull()
})

test('the console’s place can be named, and the console left out', () => {
  expect(readFlags(['electron', '/app', '--console', '127.0.0.1:7171'], cwd).console).toEqual({
    host: '127.0.0.1',
    port: 7171,
    named: true,
  })
  expect(readFlags(['electron', '/app', '--no-console'], cwd).console).toBeNull()
  expect(readFlags(['electron', '/app', '--console', '127.0.0.1:71710'], cwd).console).toBe('choose a port from 1 to 65535')
})
