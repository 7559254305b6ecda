import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Program, type ProgramSetting, startProgram, versionOf } from './program'

const HAPROXY = '/usr/sbin/haproxy'

/** HAProxy with one thread, connections to the backend shared; null where it is not installed. */
export async function startHaproxy({ port, backend, folder }: ProgramSetting): Promise<Program | null> {
  const version = versionOf(HAPROXY, ['-v'], /version (\d[^\s-]*)/)
  if (version === null) return null
  const file = path.join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `
global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 3s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  option http-keep-alive
  http-reuse always
frontend web
  bind 127.0.0.1:${port}
  use_backend echo if { path_beg /echo }
  default_backend pages
backend pages
  server main 127.0.0.1:${backend.port}
backend echo
  server main 127.0.0.1:${backend.echoPort}
`,
  )
  return startProgram('HAProxy', version, port, [HAPROXY, '-db', '-q', '-f', file])
}
