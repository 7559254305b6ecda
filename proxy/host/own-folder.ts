import { lstatSync, mkdirSync } from 'node:fs'

/**
 * Makes a folder that nobody else can put files into, in one that everybody writes to, such as the one for temporary files.
 * One of that name that is somebody else's would let them remove what is ours, or plant what is theirs (CWE-379).
 */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isOwnFolder(folder))
    throw new Error(
      `The folder ${folder} belongs to somebody else or is open to others; remove it, so that AstroRelay can use one of its own.`,
    )
}

/** Whether a folder is there, and what is in it was put there by us. A link is not. */
export function isOwnFolder(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined || !found.isDirectory()) return false
  // The folder for temporary files is the user's own there, and modes say nothing.
  return process.platform === 'win32' || (found.uid === process.getuid?.() && (found.mode & 0o022) === 0)
}
