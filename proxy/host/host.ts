import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { Handlers } from '../contract/api'
import type { Surroundings } from '../contract/check'
import { elapsed, wallTime } from '../contract/clock'
import type { Config } from '../contract/config/document'
import type { ControlApi } from '../contract/control-api'
import type { ControlEventName, ControlEvents } from '../contract/events'
import type { ListenerStatus } from '../contract/status'
import { keepDrains } from './backends/drain-keeper'
import { Moves } from './backends/moves'
import { Swaps } from './backends/swaps'
import { BlockBook } from './blocks/block-book'
import { keepBlocks } from './blocks/keep-blocks'
import { createCalls } from './calls'
import { ClosedPast } from './closed-past'
import { Configuration } from './configuration'
import { forgetConsole, tellConsole } from './console/console-file'
import { ConsoleServer } from './console/console-server'
import { Sessions } from './console/sessions'
import { readOrCreateToken } from './console/token-file'
import { CrashLoop } from './crash-loop'
import { lockDataDirectory } from './data-lock'
import type { EngineSource } from './engine-process'
import { EventHub } from './event-hub'
import { HealthLog } from './health-history/health-log'
import { watchHealth } from './health-history/watch-health'
import { RevisionLog } from './history/revision-log'
import { Lockdowns } from './lockdown/lockdowns'
import { ProofBook } from './lockdown/proof-book'
import { Notices } from './notices'
import { ownAddresses, ownNames } from './own-addresses'
import { clearDrafts } from './store/draft'
import type { OpenDocumentFile } from './store/document-file'
import { firstDocument } from './store/first-document'
import { openStore } from './store/open-store'
import { errorCode, systemWords } from './store/system-words'
import { closeToOthers, whyNotWritable } from './store/storage'
import { watchFile } from './store/watch-file'
import { Supervisor } from './supervisor'
import { TrafficHistory } from './traffic/traffic-history'

export interface HostOptions {
  readonly kind: 'desktop' | 'server'
  readonly version: string
  /** Absolute. Made where it is not there. */
  readonly dataDirectory: string
  /** A file that a person named as the store; without it `config.json` in the data directory. */
  readonly configFile?: string | undefined
  readonly engines: EngineSource
  readonly openDocumentFile: OpenDocumentFile
  /** `named`: a person chose the port, so that a taken one is an error; else the next free one is used. Null: no console. */
  readonly console: { readonly host: string; readonly port: number; readonly named: boolean } | null
  /** The files that the console serves. */
  readonly rendererDirectory: string
  readonly log: (line: string) => void
  /** The host has ended because it was asked to, and left the engine serving: so should its program. */
  readonly onLeft?: () => void
}

/** An answer has gone out by then. */
const ANSWER_MS = 100

/** The control plane of one gateway. */
export interface Host {
  readonly handlers: Handlers<ControlApi>
  /** Hears an event; returns what stops it. */
  on<Name extends ControlEventName>(name: Name, listener: (payload: ControlEvents[Name]) => void): () => void
  readonly console: { readonly origin: string; signInLink(): string } | null
  /** What serves now, parsed; secrets are in it, so that it stays in this process. */
  readonly config: Config
  /** Reads the configuration file again and gives the revision that serves now; an error in it is told as a notice. */
  reload(): Promise<string>
  /** Drains the engine, closes the console, gives the data directory free. */
  stop(): Promise<void>
  /** Ends the engine at once, without waiting for running requests. */
  kill(): void
}

/** Starts store, engine and console. Rejects with an Error whose message is for people, such as "already running (pid 812)". */
export async function startHost(options: HostOptions): Promise<Host> {
  const unlock = withWords(`The data folder ${options.dataDirectory} cannot be used`, () => lockDataDirectory(options.dataDirectory))
  try {
    return await start(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function start(options: HostOptions, unlock: () => void): Promise<Host> {
  const { dataDirectory, log } = options
  const hub = new EventHub()
  const notices = new Notices((notice) => {
    log(`${notice.level}: ${notice.title}. ${notice.text}`)
    hub.emit('notice', notice)
  }, wallTime)
  const configFile = options.configFile ?? path.join(dataDirectory, 'config.json')
  const file = withWords(`${configFile} cannot be read`, () => options.openDocumentFile(configFile))
  const folders = [...new Set([historyDirectory(options), path.dirname(configFile)])]
  for (const folder of [dataDirectory, historyDirectory(options)]) clearDrafts(folder, log)
  if (options.configFile !== undefined) clearDrafts(path.dirname(configFile), log, path.basename(configFile))
  const history = withWords(`The history in ${dataDirectory} cannot be read`, () => new RevisionLog(historyDirectory(options), log))
  const opened = await openStore({ file, owned: options.configFile === undefined, history, notices, wallTime, firstDocument })
  closeToOthers(dataDirectory, notices)
  tellOfStorage(whyNotWritable(folders), notices)
  const traffic = new TrafficHistory()
  let console: ConsoleServer | null = null
  const surroundings = (): Surroundings => ({
    ownAddresses: ownAddresses(),
    ownNames: ownNames(),
    ...(console ? { consolePort: console.port } : {}),
  })

  const blocks = new BlockBook({
    file: path.join(dataDirectory, 'blocks.json'),
    log,
    warn: (title, text) => notices.add('warning', title, text, '/access'),
  })
  const closedPast = new ClosedPast({ configuration: () => configuration, notices, log })
  const supervisor: Supervisor = new Supervisor({
    engines: options.engines,
    current: () => configuration.current,
    hidden: () => [dataDirectory, configFile].map(realPath),
    blocks: () => blocks.handed(),
    onCrashLoop: () => crashLoop.goBack(),
    onClosed: () => closedPast.begin(),
    closedPast: () => closedPast.isPending,
    hub,
    notify: (level, title, text) => notices.add(level, title, text),
    log,
  })
  const configuration = new Configuration(
    {
      file,
      history,
      surroundings,
      notices,
      load: (revision, document) => supervisor.load(revision, document),
      serves: (revision) => supervisor.serves(revision),
      changed: (event) => {
        traffic.keepOnly(new Set(configuration.current.config.services.map(({ id }) => id)))
        hub.emit('config', event)
      },
      wallTime,
    },
    opened,
  )
  const crashLoop = new CrashLoop({ configuration, history, notices })
  hub.on('tick', (tick) => traffic.add(tick))
  keepBlocks(hub, supervisor, blocks, log)
  hub.on('listener', tellOfListeners(notices))
  keepDrains(hub, configuration, log)
  const swaps = new Swaps({ configuration, hub, notices, supervisor, surroundings, log })
  const moves = new Moves({ configuration, hub, notices, supervisor, log })
  const lockdowns = new Lockdowns({
    configuration,
    hub,
    notices,
    log,
    wallTime,
    book: new ProofBook(path.join(dataDirectory, 'lockdown.json'), log),
  })
  const health = new HealthLog(path.join(dataDirectory, 'health.jsonl'), wallTime(), log)
  const stopWatching = watchHealth({ hub, supervisor, health, config: () => configuration.current.config })
  const sessions = options.console ? consoleSessions(dataDirectory, log) : null
  const handlers = createCalls({
    about: { version: options.version, host: options.kind, dataDirectory, configFile },
    configuration,
    history,
    supervisor,
    traffic,
    notices,
    surroundings,
    swaps,
    moves,
    lockdowns,
    health,
    leave: () => void setTimeout(() => void leave(), ANSWER_MS),
    sessions,
    consoleOrigin: () => console?.origin ?? null,
    readOnly: () => whyNotWritable(folders),
  })
  if (options.console && sessions) {
    const server = new ConsoleServer({ ...options.console, rendererDirectory: options.rendererDirectory, sessions, hub, handlers, log })
    await server.start()
    console = server
    tellConsole(dataDirectory, server.origin, log)
  }
  const unwatch = watchFile(configFile, () => void configuration.pickUp().catch((error: unknown) => log(`store: ${String(error)}`)), log)
  await supervisor.start()

  async function end(endEngine: () => unknown): Promise<void> {
    unwatch()
    swaps.stop()
    moves.stop()
    lockdowns.stop()
    closedPast.stop()
    stopWatching()
    await endEngine()
    blocks.stop()
    await console?.stop()
    if (console) forgetConsole(dataDirectory, log)
    unlock()
  }

  async function leave(): Promise<void> {
    log('another AstroRelay takes over; the gateway goes on serving')
    await end(() => supervisor.letGo()).catch((error: unknown) => log(`could not end in order: ${String(error)}`))
    options.onLeft?.()
  }

  return {
    handlers,
    get config() {
      return configuration.current.config
    },
    on: (name, listener) => hub.on(name, listener),
    console,
    reload: () => configuration.reload(),
    kill: () => supervisor.kill(),
    stop: () => end(() => supervisor.stop()),
  }
}

/** Without links, as far as it is there. */
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.resolve(file) // it will be written there
  }
}

/** Who may use the console. Sessions are of this run; the token stays. */
function consoleSessions(dataDirectory: string, log: (line: string) => void): Sessions {
  return new Sessions(readOrCreateToken(dataDirectory, log), { elapsed, wallTime })
}

/** Puts what the system says about a file into a sentence. */
function withWords<Result>(what: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    throw new Error(`${what}: ${systemWords(error)}.`, { cause: error })
  }
}

/** Each store has a history of its own, so that one file's last good document never serves in place of another's. */
function historyDirectory({ dataDirectory, configFile }: HostOptions): string {
  const root = path.join(dataDirectory, 'history')
  return configFile === undefined ? root : path.join(root, createHash('sha256').update(configFile).digest('hex').slice(0, 12))
}

/** A gateway on a disk that takes nothing serves what is there; whoever changes something should not be the first to hear of it. */
function tellOfStorage(why: string | null, notices: Notices): void {
  if (why !== null)
    notices.add(
      'error',
      'Changes cannot be saved',
      `${why.charAt(0).toUpperCase()}${why.slice(1)}. What was saved serves; changes are refused until the disk takes them again, without a restart.`,
      '/settings',
    )
}

/** Of so many listeners it is known why they are not open. */
const MOST_TOLD = 200

/** Tells of a listener that cannot be opened: once for each reason, however often it is tried. */
function tellOfListeners(notices: Notices): (listener: ListenerStatus) => void {
  const told = new Map<string, string>()
  return ({ id, state, reason }) => {
    const why = state === 'failed' ? (reason ?? 'the reason is not known') : ''
    if (why !== '' && told.get(id) !== why)
      notices.add(
        'warning',
        `Listener ${id} is not open`,
        `${why.charAt(0).toUpperCase()}${why.slice(1)}. It is tried again; everything else serves.`,
        '/settings',
      )
    told.delete(id)
    if (why !== '') told.set(id, why)
    // Those that were removed while they failed are not heard of again.
    for (const first of told.size > MOST_TOLD ? [...told.keys()].slice(0, 1) : []) told.delete(first)
  }
}
