import { createBridgeClient } from './bridge-client'
import type { ControlClient } from './client'
import { desktopBridge } from './desktop-bridge'
import { createHttpClient } from './http-client'
import { findSessionKey } from './session-key'

/** A client by the way this page can take: the desktop's bridge or HTTP. Null where a sign-in link is needed first. */
export async function connect(): Promise<ControlClient | null> {
  const bridge = desktopBridge()
  if (bridge) return createBridgeClient(bridge)
  const key = await findSessionKey()
  return key === null ? null : createHttpClient(key)
}
