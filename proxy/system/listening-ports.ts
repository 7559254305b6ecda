import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { withoutZone } from '../contract/address'

/** A TCP port that some program listens on. */
export interface ListeningPort {
  /** `0.0.0.0` and `::` stand for every address. */
  readonly address: string
  readonly port: number
  readonly pid: number | null
  /** The program's name, where the system tells. */
  readonly program: string | null
}

const TOOL_TIMEOUT_MS = 5_000

/** Every TCP port that is listened on here; null where the system does not tell. */
export async function listeningPorts(platform: NodeJS.Platform = process.platform): Promise<readonly ListeningPort[] | null> {
  try {
    if (platform === 'linux') return await linuxPorts()
    if (platform === 'darwin') return parseLsof(await run('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-FpcnT']))
    if (platform === 'win32')
      return parseNetstat(
        await run('netstat', ['-ano', '-p', 'TCP']),
        await run('netstat', ['-ano', '-p', 'TCPv6']),
        await run('tasklist', ['/fo', 'csv', '/nh']),
      )
    return null
  } catch {
    return null // no such tool, or not allowed: the caller has another way
  }
}

/** A listening socket as /proc/net/tcp and tcp6 have it. */
export interface ProcSocket {
  readonly address: string
  readonly port: number
  readonly inode: string
}

/** The listening sockets of a /proc/net/tcp or tcp6 table. */
export function parseProcTable(table: string): ProcSocket[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [address = '', port = ''] = local.split(':')
      // 0A is TCP_LISTEN (include/net/tcp_states.h).
      return state === '0A' ? [{ address: procAddress(address), port: Number.parseInt(port, 16), inode }] : []
    })
}

/** The kernel prints an address as 32-bit words in the machine's byte order, which is little-endian wherever Node runs. */
function procAddress(hex: string): string {
  const bytes = [...hex.matchAll(/.{8}/g)].flatMap(([word]) =>
    [...word.matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16)).toReversed(),
  )
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (mapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, at) => (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

async function linuxPorts(): Promise<ListeningPort[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')))
  const sockets = tables.flatMap(parseProcTable)
  const owners = await socketOwners(new Set(sockets.map(({ inode }) => inode)))
  return sockets.map(({ address, port, inode }) => ({
    address,
    port,
    pid: owners.get(inode)?.pid ?? null,
    program: owners.get(inode)?.program ?? null,
  }))
}

/** Which process holds which socket, for the processes that we may look into. */
async function socketOwners(inodes: ReadonlySet<string>): Promise<Map<string, { pid: number; program: string | null }>> {
  const owners = new Map<string, { pid: number; program: string | null }>()
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // Other users' processes are closed to us, and any may end while we look.
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')))
    const held = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []).filter((inode) => inodes.has(inode))
    if (held.length === 0) continue
    const program = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() || null
    for (const inode of held) if (!owners.has(inode)) owners.set(inode, { pid: Number(pid), program })
  }
  return owners
}

/** The output of `lsof -F`: one field per line, by its first letter. */
export function parseLsof(text: string): ListeningPort[] {
  const ports: ListeningPort[] = []
  let pid: number | null = null
  let program: string | null = null
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = Number(value)
    else if (line.startsWith('c')) program = value
    else if (line.startsWith('n')) {
      const match = /^(.*):(\d+)$/.exec(value)
      if (match?.[1] !== undefined)
        ports.push({ address: match[1] === '*' ? '::' : match[1].replace(/^\[|\]$/g, ''), port: Number(match[2]), pid, program })
    }
  }
  return ports
}

/** The output of `netstat -ano` for both families, with names from `tasklist /fo csv /nh`. A foreign port of 0 marks a listener in every language. */
export function parseNetstat(v4: string, v6: string, tasks: string): ListeningPort[] {
  const names = new Map([...tasks.matchAll(/^"([^"]*)","(\d+)"/gm)].map(([, name = '', pid]) => [Number(pid), name.replace(/\.exe$/i, '')]))
  const ports: ListeningPort[] = []
  for (const line of `${v4}\n${v6}`.split('\n')) {
    const words = line.trim().split(/\s+/)
    const [protocol, own = '', foreign = ''] = words
    const last = words.at(-1) ?? ''
    const colon = own.lastIndexOf(':')
    if (protocol !== 'TCP' || !foreign.endsWith(':0') || words.length < 5 || !isNumber(last) || !isNumber(own.slice(colon + 1))) continue
    ports.push({
      address: withoutZone(own.slice(0, colon).replace(/^\[|\]$/g, '')),
      port: Number(own.slice(colon + 1)),
      pid: Number(last),
      program: names.get(Number(last)) ?? null,
    })
  }
  return ports
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text)
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: TOOL_TIMEOUT_MS, windowsHide: true, maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      // lsof ends with 1 when some of what it was asked for could not be seen.
      if (error && stdout === '') reject(error)
      else resolve(stdout)
    })
  })
}
