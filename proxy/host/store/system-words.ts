const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'there is no permission',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk is read-only',
  ENOENT: 'the folder is not there',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'part of the path is not a folder',
}

/** The system's `code` of an error, such as ENOSPC; undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Why a file could not be read or written, in words. */
export function systemWords(error: unknown): string {
  const code = errorCode(error)
  return (code === undefined ? undefined : WORDS[code]) ?? (error instanceof Error ? error.message : String(error))
}
