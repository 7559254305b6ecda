import path from 'node:path'

interface CommandLine {
  /** Chromium's and Electron's switches, before the app's path. */
  readonly switches: Map<string, string>
  /** The modules of `-r`. */
  readonly preloads: string[]
  readonly appPath: string
}

/** Reads Electron's command line: `[--switch[=value]] [-r module] app [what is the app's own]`. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const switches = new Map<string, string>()
  const preloads: string[] = []
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-r' || word === '--require') preloads.push(rest.shift() ?? '')
    else if (word.startsWith('--')) {
      const [name = '', value = ''] = word.slice(2).split(/=(.*)/s)
      switches.set(name, value)
    } else return { switches, preloads, appPath: path.resolve(word) }
  }
  throw new Error('electron stand-in: name the app’s folder')
}
