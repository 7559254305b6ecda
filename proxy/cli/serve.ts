import { EventEmitter, once } from 'node:events'
import path from 'node:path'
import { elapsed, isoDate } from '../contract/clock'
import { parseDuration } from '../contract/config/scalars'
import type { ListenerStatus } from '../contract/status'
import { type ConsoleAddress, DEFAULT_CONSOLE, parseConsoleAddress } from '../host/console/console-address'
import { type Host, startHost } from '../host/host'
import { DetachedEngines } from '../host/spawn/detached-engines'
import { launchDetached } from '../host/spawn/launch'
import { openOwnDocumentFile } from '../host/store/own-document-file'
import { type Command, parseCommand, print } from './command'
import { dataDirectory } from './data-directory'
import { tellServiceManager } from './service-manager'
import { takeOver } from './take-over'
import { CommandError, UsageError } from './usage-error'
import { version } from './version'

/**
 * One request to end may come twice: a terminal or service manager signals the whole group and the launcher passes the
 * signal on.
 */
const SAME_SIGNAL_MS = 1_000

export const serve: Command = {
  usage: '[--config FILE] [--data DIR] [--console HOST:PORT] [--no-console] [--replace] [--give-up-after DURATION]',
  summary: 'runs the gateway and its console, without a window',
  async run(args) {
    const { values } = parseCommand(
      args,
      {
        config: { type: 'string' },
        data: { type: 'string' },
        console: { type: 'string' },
        'no-console': { type: 'boolean' },
        replace: { type: 'boolean' },
        'give-up-after': { type: 'string' },
      },
      { min: 0, max: 0, what: '' },
    )
    const data = dataDirectory(values.data)
    const patience = patienceOf(values['give-up-after'])
    const hangUp = hearHangUps()
    if (values.replace) await takeOver(data)
    const left = new EventEmitter()
    const hasLeft = once(left, 'left').then(() => undefined)
    const host = await startHost({
      kind: 'server',
      version: version(),
      dataDirectory: data,
      configFile: values.config === undefined ? undefined : path.resolve(values.config),
      engines: new DetachedEngines({
        dataDirectory: data,
        bundle: path.join(import.meta.dirname, 'engine.js'),
        file: process.execPath,
        launch: launchDetached(log),
      }),
      openDocumentFile: openOwnDocumentFile,
      console: values['no-console'] ? null : consoleAddress(values.console),
      rendererDirectory: path.join(import.meta.dirname, 'renderer'),
      log,
      onLeft: () => left.emit('left'),
    }).catch((error: unknown) => {
      throw new CommandError(error instanceof Error ? error.message : String(error))
    })
    hangUp.reloads(host)
    const ended = whenTold(host)
    const reason = await cannotStart(host)
    if (reason !== null) {
      process.stderr.write(`${reason}\n`)
      await host.stop()
      return 1
    }
    if (host.console) print(`console: ${consoleWords(host.console)}`)
    print('ready')
    tellServiceManager(log)
    const gaveUp = patience === null ? null : whenGivenUp(host, patience)
    const why = await Promise.race([ended, hasLeft, ...(gaveUp === null ? [] : [gaveUp])])
    if (why === undefined) return 0
    process.stderr.write(`${why}\n`)
    await host.stop()
    return 1
  },
}

/** The link signs whoever reads it in, so that it goes to a terminal, and not into a journal that many may read and that is kept. */
function consoleWords(console: NonNullable<Host['console']>): string {
  return process.stdout.isTTY ? console.signInLink() : `${console.origin}/ (astrorelay link prints a link to sign in)`
}

function log(line: string): void {
  process.stderr.write(`${isoDate()} ${line}\n`)
}

function consoleAddress(text: string | undefined): ConsoleAddress {
  if (text === undefined) return DEFAULT_CONSOLE
  const address = parseConsoleAddress(text)
  if (typeof address === 'string') throw new UsageError(`--console: ${address}.`)
  return address
}

/** Prints one line per listener; gives the reason where nothing at all can be served. */
async function cannotStart(host: Host): Promise<string | null> {
  await settled(host)
  const status = await host.handlers.status({})
  if (status.engine.state !== 'running') return `The gateway could not start: ${status.engine.lastFailure ?? 'its engine does not run'}.`
  const failed = status.listeners.filter(({ state }) => state === 'failed')
  const all = failed.length > 0 && failed.length === status.listeners.length
  if (all) return failed.map(listenerLine).join('\n')
  for (const listener of status.listeners) print(listenerLine(listener))
  return null
}

/** Resolves when the engine runs, or no more tries are made. */
function settled(host: Host): Promise<void> {
  return new Promise((resolve) => {
    const stop = host.on('engine', ({ state }) => {
      if (state !== 'running' && state !== 'failed') return
      stop()
      resolve()
    })
    void Promise.resolve(host.handlers.status({})).then(({ engine }) =>
      engine.state === 'running' || engine.state === 'failed' ? resolve() : undefined,
    )
  })
}

function listenerLine({ id, address, port, protocol, state, reason }: ListenerStatus): string {
  if (state === 'failed') return `listener ${id}: ${reason ?? `port ${port} cannot be used`}`
  return `listener ${id}: ${protocol} on ${address === '::' || address === '0.0.0.0' ? 'every interface' : address}, port ${port}`
}

function patienceOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const duration = parseDuration(text)
  if (duration === null) throw new UsageError('--give-up-after: write a duration such as 30s, 5m or 1h.')
  return duration
}

/** Resolves, with the reason, when the engine has not run for `patience` ms on end: a service manager may know more than to try again. */
function whenGivenUp(host: Host, patience: number): Promise<string> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    host.on('engine', ({ state, lastFailure }) => {
      if (state === 'running' || state === 'stopped') {
        clearTimeout(timer)
        timer = undefined
      } else
        timer ??= setTimeout(
          () => resolve(`The gateway could not be brought back: ${lastFailure ?? 'its engine does not run'}. It was given up.`),
          patience,
        )
    })
  })
}

/** Resolves when a signal has asked for the end and everything has drained; a second signal ends it at once. */
function whenTold(host: Host): Promise<void> {
  return new Promise((resolve) => {
    let toldAt: number | null = null
    const end = (): void => {
      if (toldAt !== null) {
        if (elapsed() - toldAt < SAME_SIGNAL_MS) return
        host.kill()
        process.exit(1)
      }
      toldAt = elapsed()
      host.stop().then(resolve, (error: unknown) => {
        log(`could not end in order: ${String(error)}`)
        process.exit(1)
      })
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end)
  })
}

/**
 * SIGHUP asks a service to read its configuration again (daemon(7)), and comes as well when the terminal closes that it
 * was started from. Neither ends it; before the host runs there is nothing to read again yet. There are no log files to
 * reopen: lines go to the standard error, which belongs to the service manager.
 */
function hearHangUps(): { readonly reloads: (host: Host) => void } {
  let running: Host | null = null
  process.on('SIGHUP', () => {
    running?.reload().then(
      (revision) => log(`SIGHUP: the configuration file was read again; revision ${revision} serves`),
      (error: unknown) => log(`SIGHUP: the configuration file could not be read again: ${String(error)}`),
    )
  })
  // A line to a terminal that is gone is an error event, which would end the process where nobody hears it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    reloads: (host) => {
      running = host
    },
  }
}
