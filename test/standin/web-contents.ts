import { readFileSync } from 'node:fs'
import { browser } from './browser'
import type { Cdp, Json } from './cdp'
import { Emitter, PreventableEvent, real } from './guard'
import { mainWorldScript, preloadScript } from './preload'
import { fromPage, requestPatterns, schemeHandler, session, toPage } from './protocol'
import { makeValues } from './values'
import { boot, nextId, world } from './world'

const ISOLATED_WORLD = 'Electron Isolated Context'
const BINDING = '__standinNative'
const values = makeValues()

/** The window around a page. */
export interface Owner extends Emitter {
  close(): void
  contentsGone(): void
}

type Used = 'id' | 'loadURL' | 'getURL' | 'getTitle' | 'send' | 'reload' | 'isDestroyed' | 'setWindowOpenHandler' | 'isLoading' | 'session'

/** A page: a target of Chromium's, driven by its remote control. */
export class WebContents extends Emitter implements Pick<Electron.WebContents, Used> {
  readonly id = nextId()
  readonly session = session.defaultSession
  readonly #attached: Promise<void>
  #cdp: Cdp | null = null
  #targetId = ''
  #sessionId = ''
  #url = ''
  #title = ''
  #loading = false
  /** The isolated world's context, where the preload runs; null while a page comes up. */
  #isolated: string | null = null
  #loadingByUs = false
  #destroyed = false
  #onWindowOpen: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null

  constructor(
    readonly owner: Owner,
    private readonly options: Electron.BrowserWindowConstructorOptions,
  ) {
    super()
    this.#attached = this.#attach()
    this.#attached.catch((error: unknown) => console.error('electron stand-in:', error))
  }

  async loadURL(url: string, _options?: Electron.LoadURLOptions): Promise<void> {
    await this.#attached
    this.#loading = true
    this.#url = url
    this.#loadingByUs = true
    const done = new Promise<void>((resolve) => this.once('did-finish-load', () => resolve()))
    const { errorText } = await this.#command('Page.navigate', { url: toPage(url) }).finally(() => {
      this.#loadingByUs = false
    })
    if (errorText) throw new Error(`${String(errorText).replace('net::', '')} (-2) loading '${url}'`)
    await done
  }

  getURL(): string {
    return this.#url
  }

  getTitle(): string {
    return this.#title
  }

  isLoading(): boolean {
    return this.#loading
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  reload(): void {
    void this.#command('Page.reload')
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.#onWindowOpen = handler
  }

  send(channel: string, ...args: unknown[]): void {
    this.#deliver(values.encode({ kind: 'event', channel, args }))
  }

  /** The page is gone: closed by us, by itself or by the test runner. */
  gone(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    world.contents.delete(this.#targetId)
    this.#cdp?.off(this.#sessionId)
    this.emit('destroyed')
    this.owner.contentsGone()
  }

  closeTarget(): void {
    this.#attached.then(() => this.#cdp?.send('Target.closeTarget', { targetId: this.#targetId })).catch(() => undefined)
    this.gone()
  }

  #command(method: string, params?: Json): Promise<Json> {
    return this.#cdp ? this.#cdp.send(method, params, this.#sessionId) : Promise.reject(new Error('not attached'))
  }

  async #attach(): Promise<void> {
    const { cdp } = await browser()
    const { width = 800, height = 600, webPreferences = {} } = this.options
    this.#cdp = cdp
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank', width, height, newWindow: true })
    this.#targetId = String(targetId)
    world.contents.set(this.#targetId, this)
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true })
    this.#sessionId = String(sessionId)
    cdp.on(this.#sessionId, (method, params) => {
      this.#onEvent(method, params).catch((error: unknown) => {
        if (!this.#destroyed) console.error('electron stand-in:', error)
      })
    })
    const secret = `bridge-${Math.random().toString(36).slice(2)}`
    const file = webPreferences.preload ?? 'none'
    const versions = { electron: boot().electronVersion, chrome: process.versions['chrome'], node: process.versions.node }
    const preload = webPreferences.preload === undefined ? '' : readFileSync(webPreferences.preload, 'utf8')
    await Promise.all([
      this.#command('Page.enable'),
      this.#command('Runtime.enable'),
      this.#command('Inspector.enable'),
      this.#command('Page.setLifecycleEventsEnabled', { enabled: true }),
      this.#command('Fetch.enable', { patterns: requestPatterns() }),
      this.#command('Runtime.addBinding', { name: BINDING, executionContextName: ISOLATED_WORLD }),
      this.#command('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript(secret) }),
      this.#command('Page.addScriptToEvaluateOnNewDocument', {
        worldName: ISOLATED_WORLD,
        source: preloadScript({ file, secret, binding: BINDING, platform: process.platform, versions }, preload),
      }),
    ])
    await this.#fitWindow(width, height)
  }

  /** Head-less Chromium counts a toolbar into the window; Electron's width and height have none. */
  async #fitWindow(width: number, height: number): Promise<void> {
    const { result } = await this.#command('Runtime.evaluate', {
      expression: '[outerWidth - innerWidth, outerHeight - innerHeight]',
      returnByValue: true,
    })
    const [extraWidth, extraHeight] = result.value as [number, number]
    if (extraWidth === 0 && extraHeight === 0) return
    const { windowId } = await this.#command('Browser.getWindowForTarget', { targetId: this.#targetId })
    await this.#command('Browser.setWindowBounds', { windowId, bounds: { width: width + extraWidth, height: height + extraHeight } })
  }

  async #onEvent(method: string, params: Json): Promise<void> {
    switch (method) {
      case 'Fetch.requestPaused':
        return this.#onRequest(params)
      case 'Runtime.executionContextCreated':
        if (params['context'].name === ISOLATED_WORLD && params['context'].auxData.frameId === this.#targetId)
          this.#isolated = String(params['context'].uniqueId)
        return
      case 'Runtime.executionContextDestroyed':
        if (params['executionContextUniqueId'] === this.#isolated) this.#isolated = null
        return
      case 'Runtime.executionContextsCleared':
        this.#isolated = null
        return
      case 'Runtime.bindingCalled':
        if (params['name'] === BINDING) await this.#onMessage(JSON.parse(String(params['payload'])) as Json)
        return
      case 'Page.frameNavigated':
        if (params['frame'].parentId) return
        this.#url = fromPage(String(params['frame'].url))
        this.emit('did-navigate', {}, this.#url, 200, 'OK')
        return
      case 'Page.navigatedWithinDocument':
        this.#url = fromPage(String(params['url']))
        this.emit('did-navigate-in-page', {}, this.#url, true)
        return
      case 'Page.loadEventFired':
        return this.#onLoad()
      case 'Page.lifecycleEvent':
        if (params['name'] === 'firstPaint' && params['frameId'] === this.#targetId && this.#url !== 'about:blank')
          this.owner.emit('ready-to-show')
        return
      case 'Page.windowOpen':
        return this.#askToOpen(String(params['url']), String(params['windowName']))
      case 'Inspector.targetCrashed':
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 })
        return
      default:
    }
  }

  async #onLoad(): Promise<void> {
    this.#loading = false
    const { result } = await this.#command('Runtime.evaluate', { expression: 'document.title', returnByValue: true })
    this.#title = String(result.value)
    this.emit('did-finish-load', {})
  }

  #askToOpen(url: string, frameName: string): void {
    const answer = this.#onWindowOpen?.({
      url,
      frameName,
      features: '',
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'default' },
    })
    if (answer?.action !== 'deny') throw new Error('electron stand-in: opening a window from a page is not implemented; deny it')
  }

  async #onRequest({ request, requestId, resourceType, frameId }: Json): Promise<void> {
    const url = fromPage(String(request.url))
    if (resourceType === 'Document' && frameId === this.#targetId && !this.#loadingByUs) {
      const event = Object.assign(new PreventableEvent(), { url, isMainFrame: true, isSameDocument: false })
      this.emit('will-navigate', event, url)
      if (event.defaultPrevented) return void (await this.#command('Fetch.failRequest', { requestId, errorReason: 'Aborted' }))
    }
    const handler = schemeHandler(url)
    if (!handler || url === request.url) return void (await this.#command('Fetch.continueRequest', { requestId }))
    const answer = await handler(new Request(url, { method: String(request.method), headers: request.headers as Record<string, string> }))
    const body = Buffer.from(await answer.arrayBuffer()).toString('base64')
    await this.#command('Fetch.fulfillRequest', {
      requestId,
      responseCode: answer.status,
      responseHeaders: [...answer.headers].map(([name, value]) => ({ name, value })),
      body,
    })
  }

  async #onMessage({ kind, id, channel, args, message }: Json): Promise<void> {
    if (kind === 'preload-error')
      return void this.emit('preload-error', {}, this.options.webPreferences?.preload, new Error(String(message)))
    const event = { sender: this, senderFrame: { url: this.#url, parent: null }, type: 'frame', ports: [] }
    const given = values.decode(String(args)) as unknown[]
    if (kind === 'send') return void world.ipc?.emit(String(channel), event, ...given)
    this.#deliver(await this.#invoke(Number(id), String(channel), event, given))
  }

  async #invoke(id: number, channel: string, event: unknown, args: unknown[]): Promise<string> {
    try {
      const handler = world.ipc?.handler(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return values.encode({ kind: 'answer', id, result: await handler(event, ...args) })
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error)
      return values.encode({ kind: 'answer', id, error: `Error invoking remote method '${channel}': ${String(error)}` })
    }
  }

  #deliver(text: string): void {
    if (this.#isolated === null || this.#destroyed) return
    // The page may be left while the message is on its way.
    this.#command('Runtime.evaluate', { uniqueContextId: this.#isolated, expression: `__standinDeliver(${JSON.stringify(text)})` }).catch(
      () => undefined,
    )
  }
}

/** What Playwright looks a window's page up by. */
export const webContents = {
  getAllWebContents: () => real<Electron.WebContents[]>([...world.contents.values()]),
  fromId: (id: number) => real<Electron.WebContents | undefined>([...world.contents.values()].find((contents) => contents.id === id)),
  fromDevToolsTargetId: (targetId: string) => real<Electron.WebContents | undefined>(world.contents.get(targetId)),
} satisfies Partial<typeof Electron.webContents>
