import { readFile } from 'node:fs/promises'
import { replaceLongFile } from './draft'
import { errorCode } from './system-words'

/** What the system says of a folder that takes no new file, though one that lies in it may be written. */
const NO_ROOM: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM'])

/** Keeps a private copy of the file as `FILE.previous`, for the person who looks for it beside the file. The history has more. */
export async function keepPrevious(file: string): Promise<void> {
  try {
    await replaceLongFile(`${file}.previous`, await readFile(file))
  } catch (error) {
    // Nothing can lie beside it, as where only the file is mounted to be written; the history has it all the same.
    if (!NO_ROOM.has(errorCode(error) ?? '')) throw error
  }
}
