import { homedir } from 'node:os'
import path from 'node:path'

const NAME = 'AstroRelay'

/** Where data lies unless `--data` says otherwise: the folder that Electron gives the desktop app, so that both share it. */
export function defaultDataDirectory(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.join(env['APPDATA'] ?? path.join(homedir(), 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', NAME)
  return path.join(env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config'), NAME)
}

/** The directory that `--data` names, absolute. */
export function dataDirectory(given: string | undefined): string {
  return given === undefined ? defaultDataDirectory() : path.resolve(given)
}
