import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Program, type ProgramSetting, startProgram, versionOf } from './program'

const CADDY = '/usr/bin/caddy'

/** Caddy with one Go processor; null where it is not installed. */
export async function startCaddy({ port, backend, folder }: ProgramSetting): Promise<Program | null> {
  const version = versionOf(CADDY, ['version'], /v?(\d\S*)/)
  if (version === null) return null
  const file = path.join(folder, 'Caddyfile')
  writeFileSync(
    file,
    `
{
  admin off
  auto_https off
  log {
    output discard
  }
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy /echo* 127.0.0.1:${backend.echoPort}
  reverse_proxy 127.0.0.1:${backend.port}
}
`,
  )
  const env = { ...process.env, GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  return startProgram('Caddy', version, port, [CADDY, 'run', '--config', file, '--adapter', 'caddyfile'], { env, stdio: 'ignore' })
}
