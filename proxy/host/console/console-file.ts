import { z } from 'zod'

/** The file, in the data directory, that tells the command line where the console is. */
export const CONSOLE_FILE = 'console.json'

export const consoleFileSchema = z.object({ origin: z.url(), pid: z.number().int().positive() })
