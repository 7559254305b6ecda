import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** The wall clock as the gateway's processes see it, moved while they run; the machine's own stays as it is. */
export interface Clock {
  readonly environment: Readonly<Record<string, string>>
  /** Null where libfaketime is installed, else what to do. */
  readonly missing: string | null
  /** By so many seconds from the true time. */
  move(seconds: number): void
}

/** libfaketime stands before the C library's clocks; the monotonic one stays true, as it does where a person sets the clock. */
export function openClock(folder: string): Clock {
  const library = findLibrary()
  const file = path.join(folder, 'clock')
  writeFileSync(file, '+0')
  return {
    missing: library === null ? 'libfaketime is not installed (apt-get install faketime)' : null,
    environment:
      library === null
        ? {}
        : { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    move: (seconds) => writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`),
  }
}

function findLibrary(): string | null {
  const folders = ['/usr/lib', '/usr/lib64', ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`) : [])]
  return folders.map((folder) => path.join(folder, 'faketime/libfaketimeMT.so.1')).find(existsSync) ?? null
}
