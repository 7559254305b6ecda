import { rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../store/atomic-file'
import { systemWords } from '../store/system-words'

/** The file, in the data directory, that tells the command line where the console is. */
export const CONSOLE_FILE = 'console.json'

export const consoleFileSchema = z.object({ origin: z.url(), pid: z.number().int().positive() })

/** Where that cannot be written the console is there all the same; the command line does not find it. */
export function tellConsole(dataDirectory: string, origin: string, log: (line: string) => void): void {
  try {
    writeFileAtomic(path.join(dataDirectory, CONSOLE_FILE), JSON.stringify({ origin, pid: process.pid }))
  } catch (error) {
    log(`console: the command line cannot be told where it is: ${systemWords(error)}`)
  }
}

export function forgetConsole(dataDirectory: string, log: (line: string) => void): void {
  try {
    rmSync(path.join(dataDirectory, CONSOLE_FILE), { force: true })
  } catch (error) {
    log(`console: ${CONSOLE_FILE} cannot be removed: ${systemWords(error)}`)
  }
}
