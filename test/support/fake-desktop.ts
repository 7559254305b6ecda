import './zod-without-eval'
import type { DesktopBridge } from '../../proxy/contract/shell-api'
import { FakeHost, type FakeWorld } from './fake-host'

declare global {
  interface Window {
    /** Set before this script runs. */
    fakeWorld?: FakeWorld
    fakeHost?: FakeHost
  }
}

// In a page before the interface's own script: puts the bridge of a desktop there, with a fake host in memory behind it.
const host = new FakeHost(window.fakeWorld)
const transport = host.connect()
const bridge: DesktopBridge = {
  send: (frame) => transport.send(frame as never),
  onFrame: (listener) => transport.onFrame(listener),
  shell: {
    platform: 'linux',
    openDataDirectory: () => Promise.resolve(),
    openExternal: () => Promise.resolve(),
    setTheme: () => Promise.resolve(),
    onNavigate: () => () => undefined,
  },
}
Object.defineProperty(window, 'astrorelay', { value: bridge })
window.fakeHost = host
window.setInterval(() => {
  const { services } = host.status()
  if (host.engine.state === 'running')
    host.emit('tick', { at: Date.now(), services: services.map(({ id, traffic }) => ({ id, traffic })), connections: 217 })
}, 1_000)
