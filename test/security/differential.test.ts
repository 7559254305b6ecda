import { describe, expect, test } from 'vitest'
import { runDifferential } from '../support/fuzz/differential'

const SEED = 20_261_123
const SAMPLES = 50_000

describe('the engine’s parsers beside Node’s own (llhttp)', () => {
  test(`whatever of ${SAMPLES.toLocaleString('en')} connections ours accepts, llhttp accepts with the same meaning`, () => {
    const { disagreements, accepted, refused } = runDifferential(SEED, SAMPLES)
    expect(disagreements.map(({ number, what, bytes }) => ({ number, what, bytes }))).toEqual([])
    // The comparison says something only where both happen often.
    expect(accepted).toBeGreaterThan(SAMPLES / 4)
    expect(refused).toBeGreaterThan(SAMPLES / 4)
  })
})
