import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { elapsed } from '../../contract/clock'
import { DOOR } from '../../contract/engine-door'
import type { Frame, Transport } from '../../contract/rpc/transport'
import { isAlive, killProcess, processBirth, type ProcessMark } from '../../system/process-birth'
import { ENGINE_ENVIRONMENT, type EngineEnd, type EngineProcess, type EngineSource, type HandOver } from '../engine-process'
import { type EngineLink, linkToEngine, type NoLink } from './engine-link'
import { type EnginePlace, EnginePlaces } from './engine-place'
import type { Launch, Launched } from './launch'

/** Between looks whether an engine that was just started can be spoken to. */
const KNOCK_MS = 15
/** A process whose connection ended is gone after this long, or it is not going to be. */
const GOING_MS = 2_000
const LOOK_MS = 50

export interface DetachedEnginesOptions {
  readonly dataDirectory: string
  /** The engine's bundle. */
  readonly bundle: string
  /** What runs bundles: Node, or Electron as Node. */
  readonly file: string
  readonly environment?: Readonly<Record<string, string>>
  readonly launch: Launch
}

/** Engines as processes that outlive their host: each is spoken to over its own local socket, and found there by the next host. */
export class DetachedEngines implements EngineSource {
  readonly #places: EnginePlaces
  readonly #build: string

  constructor(private readonly options: DetachedEnginesOptions) {
    this.#places = new EnginePlaces(options.dataDirectory)
    this.#build = createHash('sha256').update(readFileSync(options.bundle)).digest('hex').slice(0, 16)
  }

  start(): EngineProcess {
    this.#places.forget()
    const place = this.#places.create()
    const launched = this.options.launch(this.#program(place))
    const engine = new DetachedEngine(this.#build, launched)
    // Told even where nobody hears of it again: a host that dies now leaves an engine that the next one finds.
    this.#places.remember({ ...place, process: markOf(launched.pid) })
    launched.onExit((end) => engine.end(end))
    void this.#knock(place, engine)
    return engine
  }

  async find(): Promise<EngineProcess | null> {
    const place = this.#places.recall()
    if (place === null) return null
    const link = await linkToEngine(place, 'host')
    if (typeof link !== 'string') {
      // A host that died while one engine handed over to the next has left two, and that one has the configuration of then.
      this.#places.forgetOthers(place)
      return this.#take(place, link)
    }
    // It has the ports, and does not turn: nobody would be served.
    if (place.process !== null) killProcess(place.process)
    return null
  }

  async succeed(ask: HandOver): Promise<EngineProcess> {
    const place = this.#places.create()
    const { file, args, environment } = this.#program(place)
    const { pid } = await ask({ file, args: [...args], environment: { ...environment } })
    const link = await linkToEngine(place, 'host')
    if (typeof link !== 'string') return this.#take(place, link)
    // It has the ports, which nobody else could have.
    killProcess(markOf(pid))
    throw new Error('the next process of the gateway could not be reached')
  }

  #program({ address, key }: EnginePlace): { file: string; args: readonly string[]; environment: Readonly<Record<string, string>> } {
    const { file, bundle, environment } = this.options
    return {
      file,
      args: [bundle],
      environment: { ...ENGINE_ENVIRONMENT, ...environment, [DOOR.address]: address, [DOOR.key]: key, [DOOR.build]: this.#build },
    }
  }

  #take(place: EnginePlace, link: EngineLink): EngineProcess {
    const engine = new DetachedEngine(this.#build, null)
    this.#places.remember({ ...place, process: markOf(link.welcome.pid) })
    engine.link(link)
    return engine
  }

  /** Until the engine that was started listens, or has ended. */
  async #knock(place: EnginePlace, engine: DetachedEngine): Promise<void> {
    while (!engine.isOver) {
      const link: EngineLink | NoLink = await linkToEngine(place, 'host')
      if (typeof link !== 'string') {
        this.#places.remember({ ...place, process: markOf(link.welcome.pid) })
        return engine.link(link)
      }
      await new Promise((resolve) => setTimeout(resolve, KNOCK_MS))
    }
  }
}

/** One engine. What is sent to it before it can be spoken to waits. */
class DetachedEngine implements EngineProcess {
  pid: number | undefined
  isOther = false
  isOver = false
  readonly transport: Transport
  #mark: ProcessMark | null = null
  #link: EngineLink | null = null
  #waiting: Frame[] = []
  readonly #frames: ((frame: unknown) => void)[] = []
  readonly #closes: (() => void)[] = []
  readonly #exits: ((end: EngineEnd) => void)[] = []
  /** It is to end, and cannot be told so yet. */
  #killed = false

  /** `launched`: where this process has started it. */
  constructor(
    private readonly build: string,
    private readonly launched: Pick<Launched, 'letGo' | 'pid'> | null,
  ) {
    this.transport = {
      send: (frame) => (this.#link === null ? void this.#waiting.push(frame) : this.#link.transport.send(frame)),
      onFrame: (listener) => void this.#frames.push(listener),
      onClose: (listener) => void this.#closes.push(listener),
    }
  }

  link(link: EngineLink): void {
    const { pid, build } = link.welcome
    this.#link = link
    this.pid = pid
    this.isOther = build !== this.build
    this.#mark = markOf(pid)
    if (this.#killed) this.kill()
    link.transport.onClose(() => void this.#lost())
    link.transport.onFrame((frame) => {
      for (const listener of this.#frames) listener(frame)
    })
    for (const frame of this.#waiting.splice(0)) link.transport.send(frame)
  }

  letGo(): void {
    this.isOver = true
    this.#link?.cut()
    this.launched?.letGo()
  }

  kill(): void {
    this.#killed = true
    // One that hangs before it can be spoken to is known by its start only, and the desktop's helper tells of that a while later.
    const mark = this.#mark ?? (this.isOver ? null : markOf(this.launched?.pid))
    if (mark !== null) killProcess(mark)
  }

  onExit(listener: (end: EngineEnd) => void): void {
    this.#exits.push(listener)
  }

  end(end: EngineEnd): void {
    if (this.isOver) return
    this.isOver = true
    for (const listener of this.#closes) listener()
    for (const listener of this.#exits) listener(end)
  }

  /** One that we started tells how it ended; of any other it is seen that it has gone. */
  async #lost(): Promise<void> {
    const mark = this.#mark
    const until = elapsed() + GOING_MS
    while (!this.isOver && elapsed() < until) {
      await pause()
      if (mark !== null && isAlive(mark)) continue
      // The exit of one that we started comes by itself, and tells more.
      await pause()
      return this.end({ kind: 'gone' })
    }
    this.end({ kind: 'lost' })
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}

function markOf(pid: number): ProcessMark
function markOf(pid: number | undefined): ProcessMark | null
function markOf(pid: number | undefined): ProcessMark | null {
  return pid === undefined ? null : { pid, born: processBirth(pid) }
}
