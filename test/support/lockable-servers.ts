import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { tempDirectory } from './temp-directory'
import { until } from './until'

const MODULES = '/usr/lib/apache2/modules'
const root = process.getuid?.() === 0

/** Whether a program can be run here. */
export const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined

/** Part 1 or 2 of a text that goes to two places; the whole where it has one. */
export function part(text: string, number: 1 | 2): string {
  const [first = '', second] = text.split(/^(?=# 2\.)/m)
  return number === 2 && second !== undefined ? second : first
}

export function endAfterwards(child: ChildProcess): void {
  const gone = new Promise((resolve) => void child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await gone
  })
}

export async function run(port: number, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  endAfterwards(child)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until(`${program} listens`, async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`)
    return (await raw(port, '')) !== null
  })
}

async function nginx(port: number, text: string): Promise<void> {
  const folder = tempDirectory()
  const own = ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind === 'body' ? 'client_body' : kind}_temp_path ${folder}/${kind};`)
    .join(' ')
  // Loopback only, whatever the text listens on. A location of its own that allows everyone must not open it again.
  const server = part(text, 2).replace(/listen \d+/, `listen 127.0.0.1:${port}`)
  writeFileSync(
    path.join(folder, 'nginx.conf'),
    `pid ${folder}/pid; ${root ? 'user root;' : ''} events {}
http { access_log off; ${own}
${part(text, 1)}
server { ${server.includes('listen 127') ? '' : `listen 127.0.0.1:${port};`}
${server}
location / { root ${folder}; try_files /nothing @in; } location /open { allow all; try_files /nothing @in; } location @in { return 200 $remote_addr; } } }`,
  )
  await run(port, '/usr/sbin/nginx', [
    '-c',
    path.join(folder, 'nginx.conf'),
    '-p',
    folder,
    '-e',
    path.join(folder, 'error.log'),
    '-g',
    'daemon off;',
  ])
}

async function apache(port: number, text: string): Promise<void> {
  const folder = tempDirectory()
  const pages = path.join(folder, 'pages')
  mkdirSync(path.join(pages, 'open'), { recursive: true })
  for (const place of [folder, pages, path.join(pages, 'open')]) chmodSync(place, 0o755)
  for (const page of ['index.html', 'open/index.html']) writeFileSync(path.join(pages, page), 'in', { mode: 0o644 })
  const modules = ['mpm_event', 'authz_core', 'authz_host', 'remoteip', 'dir'].map(
    (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
  )
  writeFileSync(
    path.join(folder, 'apache.conf'),
    `ServerRoot ${folder}
${modules.join('\n')}
${root ? 'User www-data\nGroup www-data' : ''}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
<VirtualHost *:${port}>
DocumentRoot ${pages}
<Directory />
Require all denied
</Directory>
<Directory ${pages}>
Require all granted
</Directory>
${text}
<Location "/open">
Require all granted
</Location>
</VirtualHost>
`,
  )
  await run(port, '/usr/sbin/apache2', ['-f', path.join(folder, 'apache.conf'), '-DFOREGROUND'])
}

async function caddy(port: number, text: string): Promise<void> {
  const folder = tempDirectory()
  // The text's own global options, with what keeps Caddy off other ports and of this test's folder.
  const options = part(text, 1).replace(/^\{$/m, `{\nadmin off\nauto_https off\ndefault_bind 127.0.0.1\nstorage file_system ${folder}\n`)
  writeFileSync(
    path.join(folder, 'Caddyfile'),
    `${options}
http://127.0.0.1:${port} {
${part(text, 2)}
redir /moved /open
handle /open* {
respond "in" 200
}
respond "in" 200
}`,
  )
  await run(port, 'caddy', ['run', '--config', path.join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  })
}

/** What comes back for these bytes until the other side closes; null where nobody listens. With no bytes it only looks. */
export function raw(port: number, bytes: string): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => (bytes === '' ? socket.destroy() : socket.write(bytes)))
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.once('error', () => resolve(answer === '' && bytes === '' ? null : answer))
    socket.once('close', () => resolve(answer))
  })
}

/** Real web servers on loopback, each with one of the gateway's own texts where it belongs, until the test ends. */
export const LOCKABLE_SERVERS = [
  { id: 'nginx', start: nginx, here: existsSync('/usr/sbin/nginx') },
  { id: 'apache', start: apache, here: existsSync('/usr/sbin/apache2') && existsSync(MODULES) },
  { id: 'caddy', start: caddy, here: has('caddy') },
]
