import { expect, test } from 'vitest'
import type { Notice } from '../../../../proxy/contract/events'
import type { ControlClient } from '../../../../renderer/api/client'
import { startNotices } from '../../../../renderer/state/notices'

test('a window that is open for months keeps the last fifty notices', () => {
  const heard: ((notice: Notice) => void)[] = []
  const client = { on: (_name: string, listener: (notice: Notice) => void) => void heard.push(listener) }
  const store = startNotices(client as unknown as ControlClient)
  for (let n = 1; n <= 200; n++) heard[0]?.({ id: String(n), at: n, level: 'warning', title: 'The gateway stopped by itself', text: 'x' })
  expect(store.get().map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, at) => String(151 + at)))
})
