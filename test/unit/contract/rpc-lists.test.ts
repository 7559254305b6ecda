import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Api } from '../../../proxy/contract/api'
import { createRpcClient } from '../../../proxy/contract/rpc/client'
import { memoryPair } from '../../../proxy/contract/rpc/memory'
import { serveRpc } from '../../../proxy/contract/rpc/server'
import type { Frame } from '../../../proxy/contract/rpc/transport'
import { turn } from '../../../proxy/system/slices'

const api = {
  load: { summary: '', keepsLists: true, params: z.object({ document: z.unknown() }), result: z.unknown() },
  ask: { summary: '', params: z.object({ document: z.unknown() }), result: z.unknown() },
  ping: { summary: '', params: z.object({}), result: z.null() },
} as const satisfies Api

const networks = (count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => ({ from: `10.0.${(n + first) >> 8}.${(n + first) & 255}` }))

/** A channel whose calls give back what they got; `frames`: what the caller sent. */
function channel() {
  const { a, b } = memoryPair()
  const frames: Frame[] = []
  const got: unknown[] = []
  const take = ({ document }: { document?: unknown }) => {
    got.push(document)
    return document
  }
  serveRpc(b, api, { load: take, ask: take, ping: () => null }, { onFault: () => undefined, turn })
  const client = createRpcClient(
    {
      ...a,
      send(frame) {
        frames.push(frame)
        a.send(frame)
      },
    },
    api,
    {},
    turn,
  )
  const kinds = (): string[] => [...new Set(frames.splice(0).map(({ kind }) => kind))]
  return { client, frames, got, kinds }
}

const listOf = (document: unknown): unknown => z.object({ blocked: z.unknown() }).parse(document).blocked

test('a value with long lists arrives as it was, there and back, though no frame holds more than 500 of their entries', async () => {
  const { client, frames } = channel()
  const document = {
    version: 1,
    blocked: networks(20_001),
    accessLists: [
      { id: 'a', rules: networks(2_000, 5) },
      { id: 'b', rules: [] },
    ],
  }
  await expect(client.call('ask', { document })).resolves.toEqual(document)
  const longest = Math.max(...frames.map((frame) => (frame.kind === 'items' ? frame.items.length : 0)))
  expect(longest).toBe(500)
  expect(JSON.stringify(frames.find(({ kind }) => kind === 'call')).length).toBeLessThan(500)
})

test('other calls are answered while a long list is on its way', async () => {
  const { client } = channel()
  const order: string[] = []
  const long = client.call('load', { document: { blocked: networks(50_000) } }).then(() => order.push('load'))
  await client.call('ping', {}).then(() => order.push('ping'))
  await long
  expect(order).toEqual(['ping', 'load'])
})

test('a list that has not changed is not sent again, and the callee gets the very one that it has', async () => {
  const { client, got, kinds } = channel()
  const blocked = networks(5_000)
  await client.call('load', { document: { blocked, n: 1 } })
  expect(kinds()).toEqual(['items', 'call'])
  await client.call('load', { document: { blocked, n: 2 } })
  await client.call('ask', { document: { blocked, n: 3 } })
  expect(kinds()).toEqual(['call'])
  expect(listOf(got[1])).toBe(listOf(got[0]))
  expect(listOf(got[2])).toBe(listOf(got[0]))
})

test('a list is forgotten with the next load that does not name it, and at once where it was not loaded', async () => {
  const { client, kinds } = channel()
  const blocked = networks(5_000)
  await client.call('ask', { document: { blocked } })
  expect(kinds()).toEqual(['items', 'call', 'forget'])
  await client.call('load', { document: { blocked } })
  await client.call('load', { document: {} })
  expect(kinds()).toEqual(['items', 'call', 'forget'])
  await client.call('load', { document: { blocked } })
  expect(kinds()).toEqual(['items', 'call'])
})

test('loads arrive in the order they were made in, though the first has a list to send and the second has none', async () => {
  const { client, got } = channel()
  await Promise.all([client.call('load', { document: { n: 1, blocked: networks(30_000) } }), client.call('load', { document: { n: 2 } })])
  expect(got.map((document) => z.object({ n: z.number() }).parse(document).n)).toEqual([1, 2])
})
