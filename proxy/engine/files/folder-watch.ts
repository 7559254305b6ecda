import { opendir } from 'node:fs/promises'
import type { Snapshot } from '../lifecycle/snapshot'

const EVERY_MS = 5_000

/** Looks every few seconds whether the hosted folders are there and may be read: a drive may be unplugged. */
export class FolderWatch {
  /** By service: null: well; else what is wrong. */
  private readonly found = new Map<string, string | null>()
  private roots: readonly (readonly [service: string, root: string])[] = []
  private timer: NodeJS.Timeout | undefined

  /** Follows a new snapshot, and looks at once. */
  follow({ services }: Snapshot): void {
    this.roots = [...services.values()].flatMap(({ id, config }) => (config.type === 'files' && config.enabled && config.root !== undefined ? [[id, config.root] as const] : []))
    const ids = new Set(this.roots.map(([id]) => id))
    for (const id of this.found.keys()) if (!ids.has(id)) this.found.delete(id)
    clearInterval(this.timer)
    if (this.roots.length === 0) return
    this.timer = setInterval(() => void this.look(), EVERY_MS)
    this.timer.unref()
    void this.look()
  }

  /** What is wrong with a service's folder, in words; null: nothing; undefined: not known yet. */
  problemOf(service: string): string | null | undefined {
    return this.found.get(service)
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async look(): Promise<void> {
    for (const [id, root] of this.roots) this.found.set(id, await problemOf(root))
  }
}

async function problemOf(root: string): Promise<string | null> {
  try {
    await (await opendir(root)).close()
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return `the folder ${root} is not there`
    if (code === 'ENOTDIR') return `${root} is not a folder`
    return code === 'EACCES' || code === 'EPERM' ? `AstroRelay may not read the folder ${root}` : `the folder ${root} cannot be read (${code})`
  }
}
