import { watch } from 'node:fs'
import path from 'node:path'

/** Editors write in several steps; this long after the last of them the file is read. */
const QUIET_MS = 150

/**
 * Calls back some time after a file changed. The directory is watched, because editors replace a file rather than write
 * into it, and a watch on the file itself would stay with the old one. Returns what stops it.
 */
export function watchFile(file: string, changed: () => void, log: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(path.dirname(file), { persistent: false }, (_event, name) => {
    if (name !== null && name !== path.basename(file)) return
    clearTimeout(timer)
    timer = setTimeout(changed, QUIET_MS)
  })
  watcher.on('error', (error) => log(`edits of ${file} are no longer picked up: ${error.message}`))
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
