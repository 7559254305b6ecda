import { describe, expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { toHttpRequest } from '../../../proxy/contract/http-form'
import { documentWith, FakeEngines } from '../../support/fake-engine'
import { backendOf, serviceOf } from '../../support/live-services'
import { startTestHost, type TestHost } from '../../support/test-host'
import { until } from '../../support/until'

const WELL = backendOf({ id: 'main', url: 'http://127.0.0.1:3000' })

/** A host whose engine says that the backend of `wiki` works. */
function hostWithWiki(): Promise<TestHost> {
  const engines = new FakeEngines()
  engines.services = [serviceOf({ id: 'wiki', backends: [WELL] })]
  return startTestHost({ engines, stored: documentWith({ wiki: 3000 }) })
}

function tellDown({ engines }: TestHost): void {
  const backend = { ...WELL, url: 'http://127.0.0.1:3999', health: 'down', reason: 'connection refused' }
  engines.emit('health', { at: 1, service: 'wiki', state: 'down', reason: 'connection refused', onBackup: false, backend })
}

async function urlOf({ current }: TestHost): Promise<string | undefined> {
  return ((await current()).document as ConfigDocument).services?.[0]?.backends?.[0]?.url
}

describe('a backend that is given another address, which does not work', () => {
  test('gets the old one back where the caller asked for its moves to be watched, whatever name it goes by', async () => {
    const test = await hostWithWiki()
    await test.host.handlers['config.put']({ document: documentWith({ wiki: 3999 }), by: 'deployment', moves: 'watched' })
    expect(await urlOf(test)).toBe('http://127.0.0.1:3999')
    tellDown(test)
    await until('the old address', async () => (await urlOf(test)) === 'http://127.0.0.1:3000')
    expect(test.notices.map(({ title }) => title)).toContain('main of wiki has its old address back')
  })

  test('keeps the new one otherwise: a script that calls itself “window” means what it writes', async () => {
    const test = await hostWithWiki()
    await test.host.handlers['config.put']({ document: documentWith({ wiki: 3999 }), by: 'window' })
    const heard = new Promise((resolve) => test.host.on('health', resolve))
    tellDown(test)
    await heard
    // Saves take turns: one that gave the old address back would be done before this one, which then changes it once more.
    await test.host.handlers['config.put']({ document: documentWith({ wiki: 3999 }) })
    expect(await test.host.handlers.history({})).toHaveLength(2)
  })

  test('and over HTTP the wish travels in the query', () => {
    expect(toHttpRequest('config.put', { document: {}, by: 'deployment', moves: 'watched' }).target).toBe(
      '/api/v1/config?by=deployment&moves=watched',
    )
  })
})
