import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Program, type ProgramSetting, startProgram } from './program'

/** The http-proxy package (http-proxy-3) with a keep-alive agent: what this product would be without a data plane of its own. */
export async function startHttpProxy({ port, backend }: ProgramSetting): Promise<Program> {
  const script = path.join(import.meta.dirname, 'http-proxy-peer.mjs')
  return startProgram('http-proxy', installedVersion(), port, [
    process.execPath,
    script,
    String(port),
    String(backend.port),
    String(backend.echoPort),
  ])
}

function installedVersion(): string {
  const entry = createRequire(import.meta.url).resolve('http-proxy')
  const manifest = path.join(entry.slice(0, entry.lastIndexOf('http-proxy')), 'http-proxy/package.json')
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string }
  return `${name} ${version}`
}
