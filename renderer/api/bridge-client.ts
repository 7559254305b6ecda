import { controlApi } from '../../proxy/contract/control-api'
import { controlEvents } from '../../proxy/contract/events'
import { createRpcClient } from '../../proxy/contract/rpc/client'
import type { Transport } from '../../proxy/contract/rpc/transport'
import type { DesktopBridge } from '../../proxy/contract/shell-api'
import type { ControlClient } from './client'

/** A client over the desktop's bridge. It lives in the host's own process, so it cannot be lost while the window stands. */
export function createBridgeClient(bridge: DesktopBridge): ControlClient {
  const transport: Transport = {
    send: (frame) => bridge.send(frame),
    onFrame: (listener) => bridge.onFrame(listener),
    onClose: () => undefined,
  }
  const rpc = createRpcClient(transport, controlApi, controlEvents, () => new Promise((resolve) => setTimeout(resolve)))
  return {
    call: rpc.call,
    on: (event, listener) => rpc.on(event, listener),
    onConnection(listener) {
      listener('live')
      return () => undefined
    },
  }
}
