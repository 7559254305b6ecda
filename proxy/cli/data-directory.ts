import path from 'node:path'
import { defaultDataDirectory } from '../host/data-directory'

/** The directory that `--data` names, absolute; without it the one of this user's gateway. */
export function dataDirectory(given: string | undefined): string {
  return given === undefined ? defaultDataDirectory() : path.resolve(given)
}
