import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Program, type ProgramSetting, startProgram, versionOf } from './program'

export const NGINX = '/usr/sbin/nginx'

/** nginx as a proxy: one worker, connections to the backend kept open; null where it is not installed. */
export async function startNginxProxy({ port, backend, folder }: ProgramSetting): Promise<Program | null> {
  const version = nginxVersion()
  if (version === null) return null
  const file = path.join(folder, 'nginx-proxy.conf')
  writeFileSync(
    file,
    nginxFile(
      folder,
      'proxy',
      `
  upstream pages { server 127.0.0.1:${backend.port}; keepalive 128; keepalive_requests 1000000000; }
  upstream echo { server 127.0.0.1:${backend.echoPort}; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://pages; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_max_temp_file_size 0; }
    location /echo { proxy_pass http://echo; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }
  }`,
    ),
  )
  return startProgram('nginx', version, port, [NGINX, ...nginxArguments(folder, file)])
}

export function nginxVersion(): string | null {
  return versionOf(NGINX, ['-v'], /nginx\/(\S+)/)
}

/** A configuration of one worker, all its files in `folder`. */
export function nginxFile(folder: string, name: string, http: string): string {
  return `
pid ${folder}/${name}.pid;
worker_processes 1;
worker_rlimit_nofile 20000;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 16000; }
http {
  access_log off;
  sendfile on; tcp_nopush on;
  keepalive_requests 1000000000; keepalive_timeout 300s;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${name}-${kind};`).join(' ')}
${http}
}
`
}

export function nginxArguments(folder: string, file: string): string[] {
  return ['-c', file, '-p', folder, '-e', path.join(folder, 'nginx-error.log'), '-g', 'daemon off;']
}
