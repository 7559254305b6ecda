import { expect, it } from 'vitest'
import { createBridgeClient } from '../../../../renderer/api/bridge-client'
import { findOwnPort, standIn } from '../../../../renderer/state/own-port'
import { FakeHost } from '../../../support/fake-host'

it('a port of its own is neither a listener’s nor another program’s', async () => {
  const document = {
    version: 1 as const,
    listeners: [
      { id: 'web', port: 80 },
      { id: 'port-8082', port: 8_082 },
    ],
  }
  const transport = new FakeHost({ document }).connect()
  const client = createBridgeClient({
    send: (frame) => transport.send(frame as never),
    onFrame: (listener) => transport.onFrame(listener),
    shell: undefined as never,
  })
  // The fake host has every port up to 8081 taken.
  expect(await findOwnPort(client, document)).toBe(8_083)
})

it('the stand-in of a well-known port is the one that people know', () => {
  expect([standIn(80), standIn(443), standIn(8_081)]).toEqual([8_080, 8_443, 8_082])
})
