import { access, constants, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FolderVerdict } from '../../contract/calls/doctor'
import { errorCode } from '../store/system-words'

/** Folders of the system, where hosting anything is a mistake. */
const SYSTEM =
  process.platform === 'win32'
    ? ['C:\\Windows', 'C:\\Program Files', 'C:\\Program Files (x86)', 'C:\\ProgramData']
    : [
        '/bin',
        '/boot',
        '/dev',
        '/etc',
        '/lib',
        '/proc',
        '/root',
        '/run',
        '/sbin',
        '/sys',
        '/System',
        '/Library',
        '/usr/bin',
        '/usr/lib',
        '/usr/sbin',
        '/var/lib',
        '/var/log',
      ]

/** Says whether a folder is there and may be read, and whether hosting it would give away what nobody means to. `own`: the data directory and the configuration file. */
export async function testFolder(folder: string, own: readonly string[]): Promise<FolderVerdict> {
  if (!path.isAbsolute(folder)) return { verdict: 'not-valid', text: 'Write the full path of the folder.' }
  try {
    const real = await realpath(folder)
    if (!(await stat(real)).isDirectory()) return { verdict: 'not-valid', text: `${folder} is a file. Name the folder that it lies in.` }
    await access(real, constants.R_OK | constants.X_OK)
    for (const place of own) {
      const data = await realpath(place).catch(() => place)
      if (holds(real, data) || holds(data, real))
        return {
          verdict: 'risky',
          text: 'AstroRelay’s own data, with its keys, lies in this folder. It is not hosted, but another folder is the better choice.',
        }
    }
    if (path.dirname(real) === real) return { verdict: 'risky', text: 'This is a whole drive. Choose a folder on it.' }
    const system = SYSTEM.find((place) => holds(place, real) || place === real)
    return system === undefined
      ? { verdict: 'ok', text: 'The folder is there and can be read.' }
      : { verdict: 'risky', text: `This is a folder of the system (${system}). Choose another one.` }
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'ENOENT') return { verdict: 'missing', text: 'There is no such folder on this computer.' }
    if (code === 'EACCES' || code === 'EPERM') return { verdict: 'missing', text: 'AstroRelay may not read this folder.' }
    return { verdict: 'missing', text: `The folder cannot be read (${code}).` }
  }
}

/** Whether `inner` is `outer` or lies in it. */
function holds(outer: string, inner: string): boolean {
  const way = path.relative(outer, inner)
  return way === '' || (!way.startsWith('..') && !path.isAbsolute(way))
}
