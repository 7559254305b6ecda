import { describe, expect, it } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { parseConfig } from '../../../../proxy/contract/parse'
import { commonPlaceIsFree, freeName } from '../../../../renderer/features/first-run/place'
import { FakeHost } from '../../../support/fake-host'

const backends = [{ id: 'main', url: 'http://127.0.0.1:3000' }]

function world(services: ConfigDocument['services'], failed = false) {
  const document: ConfigDocument = {
    version: 1,
    listeners: [
      { id: 'web', port: 80 },
      { id: 'port-8081', port: 8081 },
    ],
    services: services ?? [],
  }
  const parsed = parseConfig(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  const host = new FakeHost({ document, listeners: failed ? [{ state: 'failed' }] : [] })
  return { saved: parsed, listeners: host.status().listeners }
}

function isFree({ saved, listeners }: ReturnType<typeof world>): boolean {
  return commonPlaceIsFree(saved, listeners)
}

describe('where a service goes that is exposed with one press', () => {
  it('to the common listener while nobody has any host there', () => {
    expect(isFree(world([]))).toBe(true)
    expect(
      isFree(
        world([
          { id: 'a', hosts: ['a.lan'], listeners: ['web'], backends },
          { id: 'b', path: '/docs', listeners: ['web'], backends },
          { id: 'c', listeners: ['port-8081'], backends },
        ]),
      ),
    ).toBe(true)
  })

  it('to a port of its own where somebody has it, even if switched off', () => {
    expect(isFree(world([{ id: 'a', enabled: false, listeners: ['web'], backends }]))).toBe(false)
    expect(isFree(world([{ id: 'a', backends }]))).toBe(false)
  })

  it('to a port of its own where the common one is not open', () => expect(isFree(world([], true))).toBe(false))

  it('gets a name that nobody has', () => {
    const { saved } = world([
      { id: 'a', name: 'Grafana', hosts: ['a.lan'], backends },
      { id: 'b', name: 'grafana 2', hosts: ['b.lan'], backends },
    ])
    expect(freeName('grafana', saved.config)).toBe('grafana 3')
    expect(freeName('x'.repeat(80), saved.config)).toHaveLength(60)
  })
})
