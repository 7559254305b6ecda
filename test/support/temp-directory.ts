import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory of the test's own, removed when it ends. */
export function tempDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'astrorelay-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }))
  return directory
}
