import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { pause } from '../processes'
import type { Fault, World } from './fault'

const FULL_MS = 5_000
const PIECE = Buffer.alloc(64 * 1024)

/** The data directory as a small disk of its own, in this run's own mount namespace. */
export function mountDisk(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=0700', 'chaos', folder])
}

/** Where it is mounted, and whoever still has a file there. */
export function unmountDisk(folder: string): void {
  spawnSync('umount', ['--lazy', folder])
}

/** Writes until nothing fits any more; gives what makes room again. */
function fill({ gateway }: World): () => void {
  const file = path.join(gateway.data, 'filler')
  const descriptor = openSync(file, 'w')
  for (let size = PIECE.length; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) writeSync(descriptor, PIECE, 0, size)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
  closeSync(descriptor)
  return () => rmSync(file)
}

/** Also where something is open for writing: what is written to after that fails with EROFS. */
function makeReadOnly({ gateway }: World): () => void {
  execFileSync('mount', ['--bind', gateway.data, gateway.data])
  execFileSync('mount', ['-o', 'remount,bind,ro', gateway.data])
  return () => void execFileSync('umount', ['--lazy', gateway.data])
}

async function whileItIs(world: World, spoil: (world: World) => () => void, nextHost: boolean): Promise<void> {
  const mend = spoil(world)
  try {
    await world.saver.save()
    await pause(FULL_MS)
    if (nextHost) {
      await world.gateway.killHost()
      await world.gateway.startHost()
    }
  } finally {
    mend()
  }
}

const NOTHING_LOST = { held: 'none', meanwhile: 'none', engine: 'same' } as const

export const diskFaults: readonly Fault[] = [
  {
    name: 'disk full',
    expects: 'nothing is lost; a save is refused in words, and taken once there is room',
    ...NOTHING_LOST,
    inject: (world) => whileItIs(world, fill, false),
  },
  {
    name: 'disk full, and the host killed and started',
    expects: 'nothing is lost; the next host runs with what is there',
    ...NOTHING_LOST,
    inject: (world) => whileItIs(world, fill, true),
  },
  {
    name: 'disk read-only',
    expects: 'nothing is lost; a save is refused in words, and taken once it can be written',
    ...NOTHING_LOST,
    inject: (world) => whileItIs(world, makeReadOnly, false),
  },
  {
    name: 'disk read-only, and the host killed and started',
    expects: 'nothing is lost; the next host runs with what is there',
    ...NOTHING_LOST,
    inject: (world) => whileItIs(world, makeReadOnly, true),
  },
]
