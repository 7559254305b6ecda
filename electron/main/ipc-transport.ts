import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron'
import type { Frame, Transport } from '../../proxy/contract/rpc/transport'
import { isOwnPage } from './app-address'

// The channels of preload/index.ts: `connect` once per page, then frames both ways, shell calls, and where to go.
const CONNECT = 'astrorelay:connect'
const FRAME = 'astrorelay:frame'
const SHELL = 'astrorelay:shell'
const NAVIGATE = 'astrorelay:navigate'

export interface IpcOptions {
  /** Whether a message comes from a window that we opened. */
  readonly isOurs: (contents: WebContents) => boolean
  /** A page is there and speaks the control API on this transport until it is left. */
  readonly onConnect: (transport: Transport) => void
  /** What the page asks of the shell. */
  readonly onShellCall: (name: string, argument: unknown) => Promise<string | null>
}

/**
 * Listens to the windows' pages. The only file that touches Electron's IPC; every message's sender is checked, and what
 * the frames hold is parsed by whoever serves the transport.
 */
export function listenToPages({ isOurs, onConnect, onShellCall }: IpcOptions): void {
  const pages = new Map<WebContents, Page>()

  function isTrusted({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
    return isOurs(sender) && senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url)
  }

  ipcMain.on(CONNECT, (event) => {
    if (!isTrusted(event)) return
    const { sender } = event
    const before = pages.get(sender)
    if (before) before.close()
    else
      sender.once('destroyed', () => {
        pages.get(sender)?.close()
        pages.delete(sender)
      })
    // A reloaded page starts to count its calls anew, so it gets a transport of its own: an answer meant for the old page must not reach it.
    const page = openPage(sender)
    pages.set(sender, page)
    onConnect(page.transport)
  })
  ipcMain.on(FRAME, (event, frame: unknown) => {
    if (isTrusted(event)) pages.get(event.sender)?.receive(frame)
  })
  ipcMain.handle(SHELL, async (event, name: unknown, argument: unknown) => {
    if (!isTrusted(event) || typeof name !== 'string') throw new Error('This page may not ask that.')
    return onShellCall(name, argument)
  })
}

/** Asks the page to show a path such as `/services/wiki`. */
export function navigatePage(contents: WebContents, path: string): void {
  contents.send(NAVIGATE, path)
}

interface Page {
  readonly transport: Transport
  receive(frame: unknown): void
  close(): void
}

function openPage(contents: WebContents): Page {
  const frames: ((frame: unknown) => void)[] = []
  const closes: (() => void)[] = []
  let open = true
  return {
    transport: {
      send(frame: Frame) {
        if (open && !contents.isDestroyed()) contents.send(FRAME, frame)
      },
      onFrame: (listener) => void frames.push(listener),
      onClose: (listener) => void closes.push(listener),
    },
    receive(frame) {
      for (const listener of frames) listener(frame)
    },
    close() {
      open = false
      for (const listener of closes) listener()
    },
  }
}
