import { describe, expect, it } from 'vitest'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { parseConfig } from '../../../../proxy/contract/parse'
import { cloneService, removeService, setEnabled } from '../../../../renderer/lib/service-edits'

const document: ConfigDocument = {
  version: 1,
  listeners: [
    { id: 'web', port: 80 },
    { id: 'port-8081', port: 8081 },
  ],
  services: [
    { id: 'wiki', name: 'Wiki', path: '/docs', backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }] },
    { id: 'own', name: 'Own', listeners: ['port-8081'], backends: [{ id: 'main', url: 'http://127.0.0.1:4000' }] },
  ],
}

describe('one-press edits of a service', () => {
  it('a clone keeps everything but name and port, and stays apart from services on every listener', () => {
    const clone = cloneService(document, 'wiki', 8_090)
    expect(clone?.name).toBe('Wiki copy')
    expect(clone?.document.services?.[1]).toEqual({
      id: 'wiki-copy',
      name: 'Wiki copy',
      path: '/docs',
      listeners: ['port-8090'],
      backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }],
    })
    expect(clone?.document.services?.[0]?.listeners, 'it goes on answering where it did, and nowhere else').toEqual(
      document.listeners?.map(({ id }) => id),
    )
    expect(parseConfig(clone?.document).ok).toBe(true)
  })

  it('a clone is no more open than its original', () => {
    const open: ConfigDocument = {
      ...document,
      listeners: [
        { id: 'web', address: '::', port: 80 },
        { id: 'port-9701', address: '127.0.0.1', port: 9701, protocol: 'tcp', proxyProtocol: true },
        { id: 'port-8081', address: '127.0.0.1', port: 8081 },
      ],
      services: [
        ...(document.services ?? []),
        { id: 'db', type: 'tcp', listeners: ['port-9701'], backends: [{ id: 'main', url: 'tcp://127.0.0.1:5432' }] },
      ],
    }
    const last = (id: string) => cloneService(open, id, 9_800)?.document.listeners?.at(-1)
    expect(last('db')).toEqual({ id: 'port-9800', address: '127.0.0.1', port: 9_800, protocol: 'tcp', proxyProtocol: true })
    expect(last('own')).toEqual({ id: 'port-9800', address: '127.0.0.1', port: 9_800, protocol: 'http' })
    expect(last('wiki')?.address).toBe('::')
  })

  it('a second clone gets a name of its own', () => {
    const once = cloneService(document, 'wiki', 8_090)
    expect(once && cloneService(once.document, 'wiki', 8_091)?.name).toBe('Wiki copy 2')
  })

  it('a deleted service takes the port along that only it had, and no other', () => {
    expect(removeService(document, 'own').listeners).toEqual([{ id: 'web', port: 80 }])
    expect(removeService(document, 'wiki').listeners).toEqual(document.listeners)
  })

  it('switching off changes nothing else', () => {
    expect(setEnabled(document, 'wiki', false).services).toEqual([{ ...document.services?.[0], enabled: false }, document.services?.[1]])
  })
})
