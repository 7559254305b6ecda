import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

interface SecondInstance {
  readonly argv: string[]
  readonly cwd: string
  readonly additionalData: unknown
}

/**
 * A real lock between processes: a file with our pid. A second process leaves what it was started with and sends SIGUSR2.
 * Null where another living process has the lock.
 */
export function takeLock(
  directory: string,
  additionalData: unknown,
  onSecond: (second: SecondInstance) => void,
): { release(): void } | null {
  mkdirSync(directory, { recursive: true })
  const file = path.join(directory, 'standin.lock')
  if (!create(file)) {
    const owner = Number(readFileSync(file, 'utf8'))
    if (isAlive(owner)) {
      writeFileSync(
        path.join(directory, `standin.second-${process.pid}`),
        JSON.stringify({ argv: process.argv, cwd: process.cwd(), additionalData }),
      )
      process.kill(owner, 'SIGUSR2')
      return null
    }
    rmSync(file, { force: true })
    if (!create(file)) return null
  }
  const hear = () => {
    for (const name of readdirSync(directory).filter((entry) => entry.startsWith('standin.second-'))) {
      const second = JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as SecondInstance
      rmSync(path.join(directory, name))
      onSecond(second)
    }
  }
  process.on('SIGUSR2', hear)
  return {
    release() {
      process.off('SIGUSR2', hear)
      rmSync(file, { force: true })
    },
  }
}

function create(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false // somebody has it
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
