import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Api, Handlers } from '../../../proxy/contract/api'
import { CallError } from '../../../proxy/contract/failure'
import { createRpcClient } from '../../../proxy/contract/rpc/client'
import { memoryPair } from '../../../proxy/contract/rpc/memory'
import { serveRpc } from '../../../proxy/contract/rpc/server'

const api = {
  double: { summary: '', params: z.object({ value: z.number().default(1) }), result: z.number() },
  refuse: { summary: '', params: z.object({}), result: z.null() },
  break: { summary: '', params: z.object({}), result: z.null() },
  lie: { summary: '', params: z.object({}), result: z.number() },
  wait: { summary: '', params: z.object({}), result: z.null() },
} as const satisfies Api
const events = { tick: z.object({ at: z.number() }) }

function channel() {
  const pair = memoryPair()
  const faults: string[] = []
  const handlers: Handlers<typeof api> = {
    double: ({ value }) => value * 2,
    refuse: () => Promise.reject(new CallError('AR_CONFLICT', 'Changed meanwhile.', { revision: '7' })),
    break: () => Promise.reject(new Error('secret detail')),
    lie: () => 'text' as unknown as number,
    wait: () => new Promise(() => undefined),
  }
  serveRpc(pair.b, api, handlers, { onFault: (_error, call) => faults.push(call) })
  return { client: createRpcClient(pair.a, api, events), pair, faults }
}

describe('a call over a channel', () => {
  test('gets its answer, with defaults filled on the way', async () => {
    const { client } = channel()
    await expect(Promise.all([client.call('double', { value: 21 }), client.call('double', {})])).resolves.toEqual([42, 2])
  })

  test('with parameters of the wrong kind is refused, with their place', async () => {
    const { client } = channel()
    await expect(client.call('double', { value: 'x' as unknown as number })).rejects.toMatchObject({
      code: 'AR_INVALID',
      issues: [{ path: 'value' }],
    })
  })

  test('that is refused fails with code, words and revision', async () => {
    await expect(channel().client.call('refuse', {})).rejects.toMatchObject({
      code: 'AR_CONFLICT',
      message: 'Changed meanwhile.',
      revision: '7',
    })
  })

  test('that meets a fault of ours tells no details, but to the log', async () => {
    const { client, faults } = channel()
    await expect(client.call('break', {})).rejects.toMatchObject({
      code: 'AR_INTERNAL',
      message: expect.not.stringContaining('secret') as string,
    })
    expect(faults).toEqual(['break'])
  })

  test('whose answer is of the wrong kind fails rather than lets it in', async () => {
    await expect(channel().client.call('lie', {})).rejects.toThrow(/number/)
  })

  test('that waits when the channel closes fails, and so does every later one', async () => {
    const { client, pair } = channel()
    const waiting = client.call('wait', {})
    pair.close()
    await expect(waiting).rejects.toMatchObject({ code: 'AR_ENGINE' })
    await expect(client.call('double', {})).rejects.toMatchObject({ code: 'AR_ENGINE' })
  })

  test('of a name that is inherited is no call', async () => {
    const { pair } = channel()
    const answer = new Promise((resolve) => pair.a.onFrame(resolve))
    pair.a.send({ kind: 'call', id: 9, name: 'toString', params: {} })
    await expect(answer).resolves.toMatchObject({ kind: 'failure', failure: { code: 'AR_NOT_FOUND' } })
  })
})

test('an event is heard until its listener is stopped; one of the wrong kind is not', async () => {
  const { client, pair } = channel()
  const heard: number[] = []
  const stop = client.on('tick', ({ at }) => heard.push(at))
  pair.b.send({ kind: 'event', name: 'tick', payload: { at: 1 } })
  pair.b.send({ kind: 'event', name: 'tick', payload: { at: 'soon' } })
  pair.b.send({ kind: 'event', name: 'tock', payload: { at: 2 } })
  await client.call('double', {})
  stop()
  pair.b.send({ kind: 'event', name: 'tick', payload: { at: 3 } })
  await client.call('double', {})
  expect(heard).toEqual([1])
})

test('frames that are none are passed over', async () => {
  const { client, pair } = channel()
  pair.a.send('noise' as never)
  pair.b.send({ kind: 'result' } as never)
  await expect(client.call('double', { value: 2 })).resolves.toBe(4)
})
