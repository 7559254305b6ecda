import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { BenchBackend } from '../backend'
import { OURS } from '../compare'
import { freePort, startEngine } from '../engine'
import { pin, TESTED_CORE } from '../pin'
import type { Program, ProgramSetting } from './program'

/** What requests are sent to: one service of several. */
export const HOST = 'service-7.bench.test'
const SERVICES = 20
const RULES = 50
const MANY = 20_000

/** Our engine with every feature that this version has switched on: hosts and paths, access rules, health checks, counters and the request ring. */
export async function startOurs({ port, backend }: ProgramSetting): Promise<Program> {
  return startEngineWith(OURS, port, featureDocument(port, backend))
}

/** An engine process of its own on the tested core, with a document loaded. */
export async function startEngineWith(name: string, port: number, document: ConfigDocument): Promise<Program> {
  const engine = await startEngine()
  pin(engine.pid, TESTED_CORE)
  const answer = await engine.client.call('load', { revision: '1', document })
  if (!answer.ok) throw new Error(`the engine refused its configuration: ${JSON.stringify(answer.issues)}`)
  return { name, version: `on Node ${process.versions.node}`, port, pid: engine.pid, stop: () => engine.stop() }
}

/** The same, on a port that is free. */
export async function startVariant(name: string, documentOf: (port: number) => ConfigDocument): Promise<Program> {
  const port = await freePort()
  return startEngineWith(name, port, documentOf(port))
}

export function featureDocument(port: number, backend: BenchBackend): ConfigDocument {
  const url = `http://127.0.0.1:${backend.port}`
  const access = {
    rules: [{ list: 'blocked-offices' }, { action: 'allow' as const, from: 'loopback' }, { action: 'allow' as const, from: 'lan' }],
    default: 'deny' as const,
  }
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: Array.from({ length: SERVICES }, (_, n) => [
      {
        id: `service-${n}`,
        hosts: [`service-${n}.bench.test`],
        backends: [
          { id: 'main', url },
          { id: 'spare', url, role: 'backup' as const },
        ],
        health: { type: 'http' as const, path: '/', interval: '5s' },
        access,
      },
      {
        id: `echo-${n}`,
        hosts: [`service-${n}.bench.test`],
        path: '/echo',
        backends: [{ id: 'main', url: `http://127.0.0.1:${backend.echoPort}` }],
        health: { type: 'tcp' as const },
        access,
      },
    ]).flat(),
    accessLists: [{ id: 'blocked-offices', rules: denyRules(RULES) }],
    settings: { limits: { connections: MANY, connectionsPerClient: MANY } },
  }
}

/** So many host names of one service: with a service for each, opening connections to ten thousand backends is what would be measured. */
export function documentWithHosts(port: number, backend: BenchBackend, count: number): ConfigDocument {
  const hosts = Array.from({ length: count }, (_, n) => `service-${n}.bench.test`)
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [{ id: 'wiki', hosts, backends: [{ id: 'main', url: `http://127.0.0.1:${backend.port}` }], health: { type: 'off' } }],
  }
}

/** One service that answers any host, with so many blocks denied that none of them is the client's. */
export function documentWithRules(port: number, backend: BenchBackend, count: number): ConfigDocument {
  return {
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [
      {
        id: 'wiki',
        backends: [{ id: 'main', url: `http://127.0.0.1:${backend.port}` }],
        health: { type: 'off' },
        access: { rules: count > 0 ? [{ list: 'many' }] : [], default: 'allow' },
      },
    ],
    accessLists: [{ id: 'many', rules: denyRules(count) }],
  }
}

/** Blocks of 16 addresses each, none next to another, so that they cannot be joined. */
function denyRules(count: number): { action: 'deny'; from: string }[] {
  return Array.from({ length: count }, (_, n) => ({
    action: 'deny' as const,
    from: `${20 + (n >> 11)}.${(n >> 3) & 255}.${(n & 7) * 32}.0/28`,
  }))
}
