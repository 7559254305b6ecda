// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 200
/** A file without a number belongs to a start that is just writing it, or was killed at that very moment. */
const HALF_WRITTEN_MS = 2_000

/**
 * Lets one start at a time install and build: two on the same folders would each read what the other has half written.
 * The turn of a start that was killed is taken over. Fails with the system's error where the folder cannot be written to.
 * @param {string} folder where the turn is kept, as a file
 * @param {() => void} work
 */
export async function inTurn(folder, work) {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, '.turn')
  let told = false
  let emptySince = null
  while (!take(file)) {
    const owner = ownerOf(file)
    if (owner === null) emptySince ??= Date.now()
    else emptySince = null
    const over = owner === null ? Date.now() - (emptySince ?? 0) > HALF_WRITTEN_MS : !isAlive(owner)
    if (over) {
      rmSync(file, { force: true })
      continue
    }
    if (!told) console.error('Another start is installing or building just now; this one waits for it …')
    told = true
    await sleep(LOOK_EVERY_MS)
  }
  // `work` may end the process.
  const giveUp = () => rmSync(file, { force: true })
  process.once('exit', giveUp)
  try {
    work()
  } finally {
    process.off('exit', giveUp)
    giveUp()
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} file
 * @returns {number | null} the process that has the turn; null where the file does not say
 */
function ownerOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null // given back meanwhile
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
