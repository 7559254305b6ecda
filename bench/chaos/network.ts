import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { FAR, LINK } from './places'

/** The network of the far backends: a namespace of its own, joined to this one by a link. */
export interface FarNetwork {
  /** A command that runs in it, in front of another. */
  readonly enter: readonly string[]
  setLink(state: 'up' | 'down'): void
}

/** Both ends vanish with the process that holds the namespace, which ends with the run. */
export function startFarNetwork(): { network: FarNetwork; holder: ChildProcess } {
  ip('link', 'set', 'lo', 'up')
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' })
  const pid = String(holder.pid)
  const enter = ['nsenter', '--target', pid, '--net']
  // Until `unshare` has come so far, the other end would land in this very namespace.
  const own = readlinkSync('/proc/self/ns/net')
  while (readlinkSync(`/proc/${pid}/ns/net`) === own);
  ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', pid)
  ip('addr', 'add', `${LINK}/24`, 'dev', 'near')
  ip('link', 'set', 'near', 'up')
  const inside = (...args: string[]): void => void execFileSync('nsenter', [...enter.slice(1), 'ip', ...args])
  inside('link', 'set', 'lo', 'up')
  for (const address of FAR) inside('addr', 'add', `${address}/24`, 'dev', 'far')
  inside('link', 'set', 'far', 'up')
  return { network: { enter, setLink: (state) => ip('link', 'set', 'near', state) }, holder }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
