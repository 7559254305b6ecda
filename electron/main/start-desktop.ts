import { app, shell } from 'electron'
import path from 'node:path'
import { startHost } from '../../proxy/host/host'
import { DetachedEngines } from '../../proxy/host/spawn/detached-engines'
import type { Flags } from './flags'
import { listenToPages } from './ipc-transport'
import { Memory } from './memory'
import { setAppMenu } from './menu'
import { notifyDesktop, showNotification } from './notifications'
import { serveAppScheme } from './protocol'
import { Quit } from './quit'
import { fencePagesIn } from './security'
import { servePage } from './serve-page'
import { answerShellCalls } from './shell-calls'
import { openElectronDocumentFile, openSmallStore } from './store'
import { AppTray } from './tray'
import { ELECTRON_AS_NODE, launchByUtility } from './utility-launch'
import { MainWindow } from './window'

/** `appId` of electron-builder.yml, by which Windows knows whose notifications are shown. */
const APP_ID = 'example.astrorelay'

export interface DesktopOptions {
  readonly flags: Flags
  readonly dataDirectory: string
  /** The folder of the bundles. */
  readonly out: string
  /** The folder of the icons. */
  readonly resources: string
}

/** Puts the desktop app together. Rejects with a sentence where the host cannot start. */
export async function startDesktop({ flags, dataDirectory, out, resources }: DesktopOptions): Promise<void> {
  const rendererDirectory = path.join(out, 'renderer')
  if (typeof flags.console === 'string') throw new Error(`--console: ${flags.console}.`)
  if (app.isPackaged) app.setAppUserModelId(APP_ID)
  fencePagesIn()
  serveAppScheme(rendererDirectory)

  const host = await startHost({
    kind: 'desktop',
    version: app.getVersion(),
    dataDirectory,
    ...(flags.configFile === null ? {} : { configFile: flags.configFile }),
    engines: new DetachedEngines({
      dataDirectory,
      bundle: path.join(out, 'engine.js'),
      ...ELECTRON_AS_NODE,
      launch: launchByUtility(path.join(out, 'gateway.js'), log),
    }),
    openDocumentFile: openElectronDocumentFile,
    console: flags.console,
    rendererDirectory,
    log,
    // Nothing is left to ask for: the gateway goes on, and another program looks after it.
    onLeft: () => app.exit(0),
  })

  const memory = new Memory(openSmallStore(app.getPath('userData'), 'window'))
  const window = new MainWindow({
    preload: path.join(out, 'preload.cjs'),
    icon: path.join(resources, 'icon.png'),
    memory,
    onHidden: () => sayItKeepsRunning(memory, show),
    log,
  })
  function show(place?: string): void {
    window.show(place)
  }

  listenToPages({
    isOurs: (contents) => window.owns(contents),
    onConnect: (transport) => servePage(transport, host, log),
    onShellCall: answerShellCalls(dataDirectory),
  })
  setAppMenu({ show, openDataDirectory: () => void shell.openPath(dataDirectory) })
  notifyDesktop(host, show, log)
  const tray = new AppTray({
    host,
    icons: path.join(resources, 'tray'),
    show,
    quit: () => app.quit(),
    silentQuit: {
      is: () => memory.content.onQuit !== null,
      end: () => memory.remember({ onQuit: null }),
      onChange: (listener) => memory.onChange(listener),
    },
    log,
  })
  const quit = new Quit({ host, window, memory, beforeExit: () => tray.stop(), log })
  quit.listen()

  app.on('second-instance', (_event, argv) => {
    if (!argv.includes('--hidden')) show()
  })
  app.on('activate', () => show())
  // Without a listener the app would end with its last window; it lives in the tray.
  app.on('window-all-closed', () => undefined)

  if (flags.hidden) window.prepare()
  else show()
}

function log(line: string): void {
  console.log(line)
}

/** A closed window that leaves something running surprises; once is enough to know it. */
function sayItKeepsRunning(memory: Memory, show: () => void): void {
  if (memory.content.toldItKeepsRunning) return
  memory.remember({ toldItKeepsRunning: true })
  showNotification(
    'keeps-running',
    {
      title: 'AstroRelay keeps running',
      body: 'Your services stay reachable. Open or quit AstroRelay from its icon in the tray.',
      silent: true,
    },
    show,
  )
}
