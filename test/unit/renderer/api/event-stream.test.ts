import { describe, expect, it } from 'vitest'
import { readEventStream, type ServerEvent } from '../../../../renderer/api/event-stream'

async function read(...pieces: string[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece))
      controller.close()
    },
  })
  await readEventStream(body, (event) => events.push(event))
  return events
}

describe('server-sent events read from a stream', () => {
  it('are put together across pieces', async () => {
    expect(await read('event: ti', 'ck\ndata: {"a"', ':1}\n', '\nevent: health\ndata: 2\n\n')).toEqual([
      { event: 'tick', data: '{"a":1}' },
      { event: 'health', data: '2' },
    ])
  })

  it('may have comments, Windows line ends and several data lines', async () => {
    expect(await read(': hello\r\n\r\n', 'event: a\r\ndata: 1\r\ndata: 2\r\n\r\n')).toEqual([{ event: 'a', data: '1\n2' }])
  })

  it('are dropped where the stream ends in the middle of one', async () => {
    expect(await read('event: a\ndata: 1')).toEqual([])
  })
})
