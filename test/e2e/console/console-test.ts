import type { Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { type Status, statusSchema } from '../../../proxy/contract/status'
import { type Answer, ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { expect, test as base } from '../fixtures/console-host'
import type { ConsoleHost } from '../fixtures/serve-console'

/** The gateway as others than the browser see it: a visitor, a script with the token. */
export interface Gateway {
  /** Asks through the listener by host name. */
  ask(host: string, target?: string): Promise<Answer>
  /** The status of an answer through the listener; null where nobody listens. */
  statusOf(host: string, target?: string): Promise<number | null>
  status(): Promise<Status>
  document(): Promise<{ readonly revision: string; readonly document: ConfigDocument }>
  /** Saves what `change` makes of the document, as a script would. */
  save(change: (document: ConfigDocument) => ConfigDocument): Promise<void>
  /** Adds services by script; each is its name, host and backend. */
  add(...services: readonly NewService[]): Promise<void>
  /** A fresh sign-in link. */
  link(): string
}

interface NewService extends Partial<ServiceDocument> {
  readonly id: string
  /** The URL of its one backend. */
  readonly url: string
}

interface Fixtures {
  /** Runs when the test has ended, last first. */
  readonly atEnd: (end: () => unknown) => void
  readonly gateway: Gateway
  /** Starts a backend that lives as long as the test. */
  readonly backend: (options?: Parameters<typeof startBackend>[0]) => Promise<TestBackend>
  /** A port of 127.0.0.1 that this process has, for as long as the test or until it is let go. */
  readonly takenPort: { readonly port: number; letGo(): Promise<void> }
}

export const test = base.extend<Fixtures>({
  // Playwright reads a fixture’s needs from this pattern.
  // oxlint-disable-next-line no-empty-pattern
  atEnd: async ({}, use) => {
    const ends: (() => unknown)[] = []
    await use((end) => void ends.push(end))
    for (const end of ends.toReversed()) await end()
  },
  gateway: async ({ consoleHost }, use) => use(gatewayOf(consoleHost)),
  backend: async ({ atEnd }, use) =>
    use(async (options) => {
      const backend = await startBackend(options)
      atEnd(() => backend.stop())
      return backend
    }),
  takenPort: async ({ atEnd }, use) => {
    // Whoever looks what is here, as a scan does, is sent away: an open connection would hold the end up.
    const holder = createServer((socket) => void socket.destroy())
    await new Promise<void>((resolve) => void holder.listen(0, '127.0.0.1', resolve))
    const letGo = (): Promise<void> => new Promise((resolve) => void holder.close(() => resolve()))
    atEnd(letGo)
    await use({ port: (holder.address() as AddressInfo).port, letGo })
  },
})
export { expect }

export function gatewayOf({ origin, dataDir, listenerPort }: Pick<ConsoleHost, 'origin' | 'dataDir' | 'listenerPort'>): Gateway {
  const authorization = `Bearer ${readFileSync(path.join(dataDir, 'console-token'), 'utf8').trim()}`

  async function api(method: string, target: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${origin}/api/v1${target}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${await answer.text()}`)
    return answer
  }

  async function document(): Promise<{ revision: string; document: ConfigDocument }> {
    const answer = await api('GET', '/config')
    return { revision: answer.headers.get('etag') ?? '', document: (await answer.json()) as ConfigDocument }
  }

  async function save(change: (document: ConfigDocument) => ConfigDocument): Promise<void> {
    await api('PUT', '/config', change((await document()).document))
  }

  return {
    ask: (host, target = '/') => ask(listenerPort, target, { headers: { host } }),
    statusOf: (host, target = '/') =>
      ask(listenerPort, target, { headers: { host } }).then(
        ({ status }) => status,
        () => null,
      ),
    status: async () => statusSchema.parse(await (await api('GET', '/status')).json()),
    document,
    save,
    add: (...services) =>
      save((before) => ({
        ...before,
        services: [
          ...(before.services ?? []),
          ...services.map(({ url, ...service }) => ({ hosts: [`${service.id}.test`], backends: [{ id: 'main', url }], ...service })),
        ],
      })),
    link: () =>
      execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../../out/cli.js'), 'link', '--data', dataDir], {
        encoding: 'utf8',
      }).trim(),
  }
}

/** Signs in and shows a screen, `#/services` unless told. */
export async function openConsole(page: Page, link: string, screen = '#/services'): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('astrorelay-first-run', 'done'))
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await show(page, screen)
}

/** Goes to a screen within the page, as a link would. */
export async function show(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, screen)
}

/** The message with a text, in the corner where changes are told. */
export function message(page: Page, text: string | RegExp): ReturnType<Page['locator']> {
  return page.getByRole('alertdialog').filter({ hasText: text })
}
