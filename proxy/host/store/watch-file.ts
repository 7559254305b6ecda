import { type FSWatcher, realpathSync, watch } from 'node:fs'
import path from 'node:path'
import { systemWords } from './system-words'

/** Editors write in several steps; this long after the last of them the file is read. */
const QUIET_MS = 150

/**
 * Calls back some time after a file changed. The directory is watched, because editors replace a file rather than write
 * into it, and a watch on the file itself would stay with the old one. Returns what stops it.
 */
export function watchFile(file: string, changed: () => void, log: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const lost = (error: unknown): void => log(`edits of ${file} are not picked up while AstroRelay runs: ${systemWords(error)}`)
  const real = behindLinks(file)
  const heard = (_event: string, name: string | null): void => {
    if (name !== null && name !== path.basename(real)) return
    clearTimeout(timer)
    timer = setTimeout(changed, QUIET_MS)
  }
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(path.dirname(real), { persistent: false }, heard)
    watcher.on('error', lost)
  } catch (error) {
    lost(error)
  }
  return () => {
    clearTimeout(timer)
    watcher?.close()
  }
}

/** The file that a link leads to, which is the one that editors change. */
function behindLinks(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file // not there yet: its own directory is watched
  }
}
