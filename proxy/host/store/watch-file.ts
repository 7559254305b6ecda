import { type FSWatcher, type StatWatcher, unwatchFile, watch, watchFile as pollFile } from 'node:fs'
import { errorCode, systemWords } from './system-words'
import { placesOf } from './places'

/** Editors write in several steps; this long after the last of them the file is read. */
const QUIET_MS = 150
/** What no watch tells is found so late: writes from another machine (NFS), or past a bind mount, whose folder hears nothing of the file. */
const POLL_MS = 5_000

/**
 * Calls back some time after a file's content may have changed: by a write, by an editor that puts another file in its
 * place, or by a link on the way to it that now leads elsewhere, as Kubernetes swaps `..data` of a ConfigMap and NixOS
 * `/etc/static`. Folders are watched, since a watch on the file stays with the old one. Returns what stops it.
 */
export function watchFile(file: string, changed: () => void, log: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let watchers: FSWatcher[] = []
  let stopped = false
  let told = false

  function lost(error: unknown): void {
    // A folder that went meanwhile is looked for anew with the next change.
    if (told || errorCode(error) === 'ENOENT') return
    told = true
    log(`edits of ${file} are seen only every ${POLL_MS / 1_000} s: its folder cannot be watched (${systemWords(error)})`)
  }

  function heard(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      follow()
      changed()
    }, QUIET_MS)
  }

  /** Watches the folders on the way to the file as it leads now. */
  function follow(): void {
    if (stopped) return
    const places = placesOf(file)
    for (const watcher of watchers) watcher.close()
    watchers = []
    for (const [folder, names] of places) hear(folder, (name) => name === null || names.has(name))
    // A file that is a mount point of its own changes without a word to the folder it is seen in.
    hear(file, () => true)
  }

  function hear(place: string, concerns: (name: string | null) => boolean): void {
    try {
      const watcher = watch(place, { persistent: false }, (_event, name) => {
        if (concerns(name)) heard()
      })
      watcher.on('error', lost)
      watchers.push(watcher)
    } catch (error) {
      lost(error)
    }
  }

  follow()
  const poll: StatWatcher = pollFile(file, { persistent: false, interval: POLL_MS }, heard)
  return () => {
    stopped = true
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
    poll.removeAllListeners()
    unwatchFile(file, heard)
  }
}
