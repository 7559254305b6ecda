import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { parseConfig } from '../../../proxy/contract/parse'
import { CrashLoop } from '../../../proxy/host/crash-loop'
import type { Current } from '../../../proxy/host/current'
import { documentWith } from '../../support/fake-engine'

const SAVED_AT = 1_000

/** Revisions 1, 2, … of which the last one serves. */
function loopWith(documents: readonly unknown[], refuse?: Error) {
  const entries = documents.map((document, at) => ({ revision: String(at + 1), at: SAVED_AT, by: 'window', summary: '', document }))
  const restored: string[] = []
  const titles: string[] = []
  let current: Current = serving(String(entries.length), documents.at(-1))
  const loop = new CrashLoop({
    notices: { add: (_level, title) => void titles.push(title) },
    history: {
      rows: () => entries.toReversed().map((entry) => ({ ...entry, current: false })),
      readInSlices: (revision) => Promise.resolve(entries.find((entry) => entry.revision === revision) ?? null),
    },
    configuration: {
      get current() {
        return current
      },
      edit: (edit) => {
        if (refuse) return Promise.reject(refuse)
        const document = edit(current.document)
        restored.push(entries.find((entry) => isDeepStrictEqual(entry.document, document))?.revision ?? 'another')
        entries.push({ revision: String(entries.length + 1), at: SAVED_AT, by: 'AstroRelay', summary: '', document })
        current = serving(String(entries.length), document)
        return Promise.resolve({ revision: current.revision, ended: 0, notes: [] })
      },
    },
  })
  return { loop, restored, titles, current: () => current.document }
}

function serving(revision: string, document: unknown): Current {
  const parsed = parseConfig(document)
  if (!parsed.ok) throw new Error('the test’s own document is not valid')
  return { revision, at: SAVED_AT, document: parsed.document, config: parsed.config }
}

const good: ConfigDocument = documentWith({ wiki: 3_000 })
const bad: ConfigDocument = documentWith({ wiki: 3_000, boom: 3_001 })

test('the newest earlier revision that is valid serves again, and that is told', async () => {
  const { loop, restored, titles } = loopWith([documentWith(), good, { version: 'no document' }, bad])
  await loop.goBack()
  expect(restored).toEqual(['2'])
  expect(titles).toEqual(['An earlier configuration is serving'])
})

test('a copy of a document that crashed in this run is no way out', async () => {
  const { loop, restored } = loopWith([good, bad, documentWith({ wiki: 3_002 }), bad])
  await loop.goBack()
  await loop.goBack()
  expect(restored).toEqual(['3', '1'])
})

test('where the earlier one cannot be put back, the person is told why', async () => {
  const { loop, titles } = loopWith([good, bad], new Error('the disk is full'))
  await loop.goBack()
  expect(titles).toEqual(['The gateway keeps stopping'])
})

test('what was closed, blocked or asked a password for since stays so, and a service that was removed stays away', async () => {
  const earlier = documentWith({ wiki: 3_000, gone: 3_002 })
  const protectedNow: ConfigDocument = {
    ...bad,
    blocked: [{ from: '10.0.0.9' }],
    settings: { closed: true },
    services: bad.services?.map((service) => ({ ...service, access: { default: 'deny' as const } })) ?? [],
  }
  const { loop, current } = loopWith([earlier, protectedNow])
  await loop.goBack()
  expect(current()).toEqual({
    ...earlier,
    blocked: [{ from: '10.0.0.9' }],
    settings: { closed: true },
    services: [
      { ...earlier.services?.[0], access: { default: 'deny' } },
      { ...earlier.services?.[1], enabled: false },
    ],
  })
})

test('what was opened since is not closed again, and proxies that are trusted no longer stay so', async () => {
  const earlier: ConfigDocument = {
    ...documentWith({ wiki: 3_000 }),
    blocked: [{ from: '203.0.113.9' }],
    settings: { closed: true, trustedProxies: ['10.0.0.1'], timeouts: { keepAlive: '30s' } },
  }
  const { loop, current } = loopWith([earlier, bad])
  await loop.goBack()
  expect(current().services).toHaveLength(1)
  expect(current().blocked).toBeUndefined()
  expect(current().settings).toEqual({ timeouts: { keepAlive: '30s' } })
})
