import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ControlEvents } from '../../proxy/contract/events'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import { type Host, type HostOptions, startHost } from '../../proxy/host/host'
import { openOwnDocumentFile } from '../../proxy/host/store/own-document-file'
import { documentWith, FakeEngines } from './fake-engine'
import { tempDirectory } from './temp-directory'

export interface TestHost {
  readonly host: Host
  readonly engines: FakeEngines
  readonly data: string
  readonly file: string
  readonly log: string[]
  readonly notices: ControlEvents['notice'][]
  /** The document and the revision that serve. */
  readonly current: () => Promise<{ revision: string; document: unknown }>
  readonly stop: () => Promise<void>
}

export interface TestHostOptions extends Partial<Pick<HostOptions, 'console' | 'configFile' | 'openDocumentFile' | 'rendererDirectory'>> {
  /** A data directory that is there already, as after a restart. */
  readonly data?: string
  /** What lies in the data directory's own file; null: nothing, a new store. Left out: a small document. */
  readonly stored?: ConfigDocument | string | null
  readonly engines?: FakeEngines
}

/** A host within the test's process, on engines that forward nothing, until the test ends. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const data = options.data ?? tempDirectory()
  const file = options.configFile ?? path.join(data, 'config.json')
  const stored =
    options.stored === undefined && options.data === undefined && options.configFile === undefined
      ? documentWith()
      : (options.stored ?? null)
  mkdirSync(data, { recursive: true })
  if (stored !== null) writeFileSync(file, typeof stored === 'string' ? stored : JSON.stringify(stored))
  const engines = options.engines ?? new FakeEngines()
  const log: string[] = []
  const notices: ControlEvents['notice'][] = []
  const host = await startHost({
    kind: 'server',
    version: '1.2.3',
    dataDirectory: data,
    configFile: options.configFile,
    engines,
    openDocumentFile: options.openDocumentFile ?? openOwnDocumentFile,
    console: options.console ?? null,
    rendererDirectory: options.rendererDirectory ?? path.join(data, 'renderer'),
    log: (line) => void log.push(line),
  })
  host.on('notice', (notice) => void notices.push(notice))
  let stopped = false
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    await host.stop()
  }
  onTestFinished(stop)
  return { host, engines, data, file, log, notices, stop, current: async () => host.handlers['config.get']({}) }
}
