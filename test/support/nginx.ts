import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { freePort } from './free-port'
import { until } from './until'

const PROGRAM = '/usr/sbin/nginx'
const PAGES = ['/var/www/html', '/usr/share/nginx/html']

/** Whether Debian's nginx is here; tests that expose it are skipped elsewhere. */
export const hasNginx = existsSync(PROGRAM)

export interface Nginx {
  readonly port: number
  readonly url: string
  /** The folder it serves, a copy of Debian's pages. */
  readonly pages: string
  stop(): Promise<void>
}

/** Debian's nginx with its own pages, on a free port of loopback. */
export async function startNginx(): Promise<Nginx> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-nginx-'))
  const pages = path.join(folder, 'pages')
  mkdirSync(pages)
  for (const source of PAGES) if (existsSync(source)) cpSync(source, pages, { recursive: true })
  const port = await freePort()
  const config = path.join(folder, 'nginx.conf')
  writeFileSync(config, configuration(folder, port))
  // The lock of Debian's own service must not matter, so every path is ours.
  const child = spawn(PROGRAM, ['-c', config, '-p', folder, '-e', path.join(folder, 'error.log'), '-g', 'daemon off;'], {
    stdio: 'inherit',
  })
  const ended = once(child, 'exit')
  await until('nginx answers', () => answers(port))
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    pages,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configuration(folder: string, port: number): string {
  return `
pid ${folder}/nginx.pid;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http {
  types { text/html html; image/png png; application/octet-stream bin; }
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; root ${folder}/pages; index index.html index.nginx-debian.html; }
}
`
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, method: 'HEAD' }, (response) => {
      response.resume()
      resolve(true)
    })
    asked.on('error', () => resolve(false))
    asked.end()
  })
}
