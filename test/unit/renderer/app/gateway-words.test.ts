import { describe, expect, it } from 'vitest'
import { gatewayWords } from '../../../../renderer/app/gateway-words'
import { listenerWords } from '../../../../renderer/app/listener-words'
import { FakeHost, type FakeWorld } from '../../../support/fake-host'

const document = {
  version: 1 as const,
  listeners: [{ id: 'web', port: 80 }],
  services: [{ id: 'a', backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }] }],
}

function say(world: FakeWorld): string {
  const { title, detail, glyph } = gatewayWords(new FakeHost({ document, ...world }).status(), null, Date.UTC(2026, 4, 24, 15, 0, 0))
  return `${glyph}: ${title} / ${detail}`
}

describe('the gateway’s card', () => {
  it.each([
    [say({}), 'ok: Gateway running / this computer · up 3 h'],
    [say({ services: { a: { state: 'down' } } }), 'down: 1 needs attention / Gateway running'],
    [say({ services: { a: { state: 'attention' } } }), 'warn: 1 needs attention / Gateway running'],
    [say({ listeners: [{ state: 'failed' }] }), 'warn: 1 port not open / Gateway running'],
    [say({ engine: { state: 'stopped' } }), 'off: Gateway stopped / Nothing can be reached'],
    [say({ engine: { state: 'failed' }, services: { a: { state: 'down' } } }), 'down: Gateway cannot start / Nothing can be reached'],
    [say({ engine: { state: 'restarting' } }), 'checking: Restarting / this computer'],
  ])('%s', (said, expected) => expect(said).toBe(expected))
})

describe('a port that could not be opened', () => {
  const listener = {
    id: 'web',
    address: '0.0.0.0',
    port: 80,
    protocol: 'http',
    state: 'failed',
    reason: 'port 80 is in use by nginx (pid 812)',
    connections: 0,
  } as const

  it('names the program that has it, as far as the system tells', () => {
    expect(listenerWords({ ...listener, code: 'in-use', holder: { name: 'nginx', pid: 812 } })).toEqual({
      title: 'Port 80 is taken',
      cause: 'nginx (process 812) is using it.',
    })
    expect(listenerWords({ ...listener, code: 'in-use', holder: null }).cause).toBe('Another program is using it.')
  })

  it('says what is missing where the system wants rights', () => {
    expect(listenerWords({ ...listener, code: 'needs-rights', holder: null }).title).toBe('Port 80 needs permission on this system')
  })
})
