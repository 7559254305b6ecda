import os from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '..'),
    include: ['test/{unit,integration,architecture,security}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Vitest leaves one processor free, which on two would be half of them.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    // Only a fault takes so long, or a machine with much else to do.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
