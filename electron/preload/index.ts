import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge } from '../../proxy/contract/shell-api'

// The page's only way out. The channels are those of main/ipc-transport.ts, which checks every sender and every frame.
const bridge: DesktopBridge = {
  send: (frame) => ipcRenderer.send('astrorelay:frame', frame),
  onFrame: (listener) => void ipcRenderer.on('astrorelay:frame', (_event, frame: unknown) => listener(frame)),
  shell: {
    platform: process.platform,
    openDataDirectory: () => ipcRenderer.invoke('astrorelay:shell', 'openDataDirectory'),
    openExternal: (url) => ipcRenderer.invoke('astrorelay:shell', 'openExternal', url),
    chooseFolder: () => ipcRenderer.invoke('astrorelay:shell', 'chooseFolder'),
    pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
    setTheme: (theme) => ipcRenderer.invoke('astrorelay:shell', 'setTheme', theme),
    onNavigate(listener) {
      const hear = (_event: unknown, path: string) => listener(path)
      ipcRenderer.on('astrorelay:navigate', hear)
      return () => void ipcRenderer.off('astrorelay:navigate', hear)
    },
  },
}

ipcRenderer.send('astrorelay:connect')
contextBridge.exposeInMainWorld('astrorelay', bridge)
