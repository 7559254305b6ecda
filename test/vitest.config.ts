import os from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

const ALL = ['test/{unit,integration,architecture,security}/**/*.test.{ts,tsx}']
/** What would be met by other tests, or meet them: it runs when they are through. */
const ALONE = ['test/integration/host/scan.test.ts']

export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '..'),
    environment: 'node',
    // Vitest leaves one processor free, which on two would be half of them.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    // Only a fault takes so long, or a machine with much else to do.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'together', include: ALL, exclude: ALONE, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'alone', include: ALONE, sequence: { groupOrder: 1 } } },
    ],
  },
})
