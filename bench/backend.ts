import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from './engine'
import { accepts, end } from './programs/program'
import { NGINX, nginxArguments, nginxFile, nginxVersion } from './programs/nginx'

/** What stands behind every program: nginx for pages, a WebSocket echo of our own. */
export interface BenchBackend {
  readonly port: number
  readonly echoPort: number
  stop(): Promise<void>
}

export const BIG = 10 * 1024 * 1024

/** Starts both on the load's core. `/` answers 100 bytes, `/big` 10 MB, `/echo` WebSocket. */
export async function startBenchBackend(folder: string): Promise<BenchBackend> {
  if (nginxVersion() === null) throw new Error('the benchmark needs nginx as its backend (apt-get install nginx-light)')
  const port = await freePort()
  const echoPort = await freePort()
  writeFileSync(path.join(folder, 'big'), Buffer.alloc(BIG, 'x'))
  const file = path.join(folder, 'nginx-backend.conf')
  writeFileSync(
    file,
    nginxFile(
      folder,
      'backend',
      `
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { default_type text/plain; return 200 "${'x'.repeat(100)}"; }
    location = /big { root ${folder}; }
  }`,
    ),
  )
  const nginx = spawn(NGINX, nginxArguments(folder, file), { stdio: ['ignore', 'ignore', 'inherit'] })
  const echo = spawn(process.execPath, [path.join(import.meta.dirname, 'load/ws-echo.mjs'), String(echoPort)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await accepts(port, 'the nginx backend')
  await accepts(echoPort, 'the WebSocket echo')
  return {
    port,
    echoPort,
    async stop() {
      await end(nginx)
      await end(echo)
    },
  }
}
