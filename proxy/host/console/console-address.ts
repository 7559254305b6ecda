const HOST = '127.0.0.1'
const PORT = 7070

/** Where the console shall listen. `named`: the user chose the port, so that one is taken or none. */
export interface ConsoleAddress {
  readonly host: string
  readonly port: number
  readonly named: boolean
}

/** Where it listens when nobody says otherwise; a taken port means the next free one. */
export const DEFAULT_CONSOLE: ConsoleAddress = { host: HOST, port: PORT, named: false }

/** Reads `HOST:PORT`, `PORT` or `HOST`, or says in a sentence what is wrong. Port 0 is any free one. */
export function parseConsoleAddress(text: string): ConsoleAddress | string {
  const match = /^(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(text)
  if (!match) return { host: text, port: PORT, named: false }
  const port = Number(match[2])
  if (port > 65_535) return 'choose a port from 1 to 65535'
  return { host: match[1] ?? HOST, port, named: true }
}
