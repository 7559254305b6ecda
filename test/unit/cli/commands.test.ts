import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Status } from '../../../proxy/contract/status'
import { dataDirectory } from '../../../proxy/cli/data-directory'
import { parseConsoleAddress } from '../../../proxy/host/console/console-address'
import { statusLines } from '../../../proxy/cli/status'
import { defaultDataDirectory } from '../../../proxy/host/data-directory'

describe('--console', () => {
  test.each([
    ['127.0.0.1:70000', 'choose a port from 1 to 65535'],
    ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000, named: true }],
    ['9000', { host: '127.0.0.1', port: 9000, named: true }],
    ['localhost', { host: 'localhost', port: 7070, named: false }],
    ['[::1]:9000', { host: '[::1]', port: 9000, named: true }],
  ])('%s', (text, expected) => {
    expect(parseConsoleAddress(text)).toEqual(expected)
  })
})

test('data lies where the desktop app has it', () => {
  if (process.platform === 'linux') expect(defaultDataDirectory({ XDG_CONFIG_HOME: '/home/anna/.cfg' })).toBe('/home/anna/.cfg/AstroRelay')
  expect(path.basename(dataDirectory(undefined))).toBe('AstroRelay')
  expect(dataDirectory('relative')).toBe(path.resolve('relative'))
})

test('the status in a terminal names what is wrong, and why', () => {
  const status: Status = {
    version: '1.2.3',
    revision: '7',
    at: 0,
    engine: { state: 'failed', pid: null, startedAt: null, restarts: 6, lastFailure: 'it ended with code 1', nextTryAt: null },
    listeners: [
      {
        id: 'web',
        address: '::',
        port: 80,
        protocol: 'http',
        state: 'failed',
        reason: 'port 80 is in use by nginx (pid 812)',
        code: 'in-use',
        holder: { pid: 812, name: 'nginx' },
        connections: 0,
      },
    ],
    services: [
      {
        id: 'wiki',
        name: 'Office wiki',
        type: 'http',
        state: 'down',
        reason: 'no backend is usable',
        addresses: ['http://wiki.lan'],
        onBackup: false,
        maintenance: false,
        traffic: {
          requests: 3,
          answers: [0, 3, 0, 0, 0],
          refused: 0,
          failed: 0,
          bytesIn: 0,
          bytesOut: 0,
          inFlight: 0,
          perSecond: 0,
          latency: null,
        },
        backends: [
          {
            id: 'main',
            url: 'http://a',
            role: 'primary',
            state: 'active',
            drain: null,
            tunnels: 0,
            latency: null,
            health: 'down',
            reason: 'connection refused',
            since: 0,
            lastCheck: null,
            inFlight: 0,
            requests: 3,
            failed: 0,
          },
        ],
      },
    ],
  }
  expect(statusLines(status)).toEqual([
    'AstroRelay 1.2.3, revision 7: gateway failed: it ended with code 1',
    'listener web: http [::]:80 failed (port 80 is in use by nginx (pid 812))',
    'service wiki: down (no backend is usable), 3 requests, “Office wiki”',
    '  at http://wiki.lan',
    '  backend main: http://a down (connection refused)',
  ])
})
