/** Where systems show what they are, not what lies on a drive (proc(5), sysfs(5)): nothing in them is anybody's file. */
const OF_THE_SYSTEM: ReadonlySet<string> = new Set(['proc', 'sys', 'dev'])

/**
 * Why a folder's path names nothing that is to be hosted, however it is spelled; null: by its spelling it may be. What links
 * and mounts make of it is seen where it is opened (`engine/files/grounds.ts`).
 */
export function rootProblem(text: string): string | null {
  // learn.microsoft.com, “Naming Files, Paths, and Namespaces”: device paths are not read as others are.
  if (/^[\\/]{2}[?.](?:[\\/]|$)/.test(text)) return String.raw`leave out \\?\ and \\.\ in front`
  const drive = /^[A-Za-z]:/.test(text)
  const share = text.startsWith(String.raw`\\`)
  const names = folded(text.slice(drive ? 2 : 0), drive || share ? /[\\/]/ : '/')
  // `\\server\C$` is the drive C: of that computer.
  const above = share ? (names[1]?.endsWith('$') === true ? 2 : 1) : 0
  if (names.length <= above) return 'choose a folder, not a whole drive'
  if (!drive && !share && OF_THE_SYSTEM.has(names[0] ?? ''))
    return 'choose a folder of your own: /proc, /sys and /dev are hosted for nobody'
  return null
}

/** The names of a path with its dots resolved. */
function folded(text: string, slash: string | RegExp): string[] {
  const names: string[] = []
  for (const name of text.split(slash)) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return names
}
