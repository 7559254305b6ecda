import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { parseProcTable } from './listening-ports'

/** The program that has a port, as far as the system tells. */
export interface PortHolder {
  readonly pid: number | null
  readonly name: string | null
}

/** What the look-up needs of the machine, so that a test can be another machine. */
export interface PortHolderSystem {
  readonly platform: NodeJS.Platform
  readonly readText: (path: string) => Promise<string>
  readonly list: (path: string) => Promise<string[]>
  readonly link: (path: string) => Promise<string>
  readonly run: (program: string, args: readonly string[]) => Promise<string>
}

/** The program that listens on a TCP port, as far as the system tells without special rights; null where it does not. */
export async function findPortHolder(port: number, system: PortHolderSystem = THIS_MACHINE): Promise<PortHolder | null> {
  if (system.platform === 'linux') return linux(port, system).catch(unknown)
  if (system.platform === 'win32') return windows(port, system).catch(unknown)
  return lsof(port, system).catch(unknown)
}

/** What the system does not want to tell is no error: the port is taken all the same. */
function unknown(): null {
  return null
}

/** "nginx (pid 812)", for sentences; null where nothing is known. */
export function describePortHolder(holder: PortHolder | null): string | null {
  if (holder === null || (holder.name === null && holder.pid === null)) return null
  return `${holder.name ?? 'a program'}${holder.pid === null ? '' : ` (pid ${holder.pid})`}`
}

/** /proc/net/tcp names the socket's inode, /proc/PID/fd the process that has it open (proc(5)). */
async function linux(port: number, system: PortHolderSystem): Promise<PortHolder | null> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => system.readText(path).catch(() => '')))
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return null
  for (const pid of (await system.list('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await system.list(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const inode = /^socket:\[(\d+)\]$/.exec(await system.link(`/proc/${pid}/fd/${descriptor}`).catch(() => ''))?.[1]
      if (inode === undefined || !inodes.has(inode)) continue
      const name = await system.readText(`/proc/${pid}/comm`).catch(() => '')
      return { pid: Number(pid), name: name.trim() || null }
    }
  }
  return null
}

function listeningInodes(table: string, port: number): string[] {
  // An inode of 0 belongs to no process.
  return parseProcTable(table).flatMap((socket) => (socket.port === port && socket.inode !== '0' ? [socket.inode] : []))
}

async function lsof(port: number, system: PortHolderSystem): Promise<PortHolder | null> {
  const text = await system.run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  return pid === undefined ? null : { pid: Number(pid), name: /^c(.+)$/m.exec(text)?.[1] ?? null }
}

async function windows(port: number, system: PortHolderSystem): Promise<PortHolder | null> {
  // Without `-p TCP`, which leaves out what listens on IPv6 only.
  const table = await system.run('netstat', ['-ano'])
  const line = table.split('\n').find((row) => new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+:0\\s`).test(row))
  const pid = line === undefined ? Number.NaN : Number(line.trim().split(/\s+/).at(-1))
  if (!Number.isInteger(pid)) return null
  // Process 4 is the kernel, in which http.sys listens for IIS and others.
  if (pid === 4) return { pid, name: 'Windows itself (http.sys, used by IIS)' }
  const tasks = await system.run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']).catch(() => '')
  return { pid, name: /^"([^"]+)"/.exec(tasks.trim())?.[1] ?? null }
}

const THIS_MACHINE: PortHolderSystem = {
  platform: process.platform,
  readText: (path) => readFile(path, 'utf8'),
  list: (path) => readdir(path),
  link: (path) => readlink(path),
  run: (program, args) =>
    new Promise((resolve, reject) => {
      execFile(program, args, { timeout: 3_000, windowsHide: true }, (error, stdout) => (error ? reject(error) : resolve(stdout)))
    }),
}
