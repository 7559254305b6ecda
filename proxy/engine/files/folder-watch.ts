import { opendir, realpath } from 'node:fs/promises'
import { isShortage, steadily } from '../../system/steady'
import type { Snapshot } from '../world/snapshot'
import { isAt } from './find-file'
import { groundsProblem } from './grounds'

const EVERY_MS = 5_000

/** Looks every few seconds whether the hosted folders are there and may be read: a drive may be unplugged. */
export class FolderWatch {
  private roots: ReadonlyMap<string, string> = new Map<string, string>()
  /** By folder: null: well; else what is wrong. */
  private readonly found = new Map<string, string | null>()
  /** Folders that are being looked at. A share whose server is gone may let a look hang: no second one joins it. */
  private readonly pending = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private hidden: readonly string[] = []
  private readonly onChange: (service: string) => void

  /** `onChange`: something people see of a service's folder has changed. */
  constructor(onChange: (service: string) => void) {
    this.onChange = onChange
  }

  /** Follows a new snapshot, and looks at once. */
  follow({ services, hidden }: Snapshot): void {
    this.hidden = hidden
    this.roots = new Map(
      [...services.values()].flatMap(({ id, config }) =>
        config.type === 'files' && config.enabled && config.root !== undefined ? [[id, config.root] as const] : [],
      ),
    )
    const present = new Set(this.roots.values())
    for (const root of this.found.keys()) if (!present.has(root)) this.found.delete(root)
    clearInterval(this.timer)
    if (present.size === 0) return
    this.timer = steadily(() => this.look(), EVERY_MS)
    this.look()
  }

  /** What is wrong with a service's folder, in words; null: nothing; undefined: not known yet. */
  problemOf(service: string): string | null | undefined {
    return this.found.get(this.roots.get(service) ?? '')
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private look(): void {
    for (const root of new Set(this.roots.values())) if (!this.pending.has(root)) void this.lookAt(root)
  }

  private async lookAt(root: string): Promise<void> {
    this.pending.add(root)
    const problem = await problemOf(root, this.hidden)
    this.pending.delete(root)
    const services = [...this.roots].filter(([, path]) => path === root).map(([service]) => service)
    if (problem === undefined || services.length === 0 || this.found.get(root) === problem) return
    this.found.set(root, problem)
    for (const service of services) this.onChange(service)
  }
}

/** What is wrong with it; null: nothing; undefined: that cannot be told just now, for want of descriptors. */
async function problemOf(root: string, hidden: readonly string[]): Promise<string | null | undefined> {
  try {
    await (await opendir(root)).close()
    const real = await realpath(root)
    if (hidden.some((place) => isAt(place, real))) return `${root} lies in AstroRelay’s own data, which is hosted for nobody`
    const problem = await groundsProblem(real)
    return problem === null ? null : `${root} ${problem}`
  } catch (error) {
    if (isShortage(error)) return undefined
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return `the folder ${root} is not there`
    if (code === 'ENOTDIR') return `${root} is not a folder`
    return code === 'EACCES' || code === 'EPERM'
      ? `AstroRelay may not read the folder ${root}`
      : `the folder ${root} cannot be read (${code})`
  }
}
