import { homedir } from 'node:os'
import path from 'node:path'

const NAME = 'AstroRelay'

/** Where data lies unless a person says otherwise; the same for the desktop app, the command line and a server of one user. */
export function defaultDataDirectory(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.join(env['APPDATA'] ?? path.join(homedir(), 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', NAME)
  return path.join(env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config'), NAME)
}
