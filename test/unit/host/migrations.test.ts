import { describe, expect, test } from 'vitest'
import { migrate, type Migration } from '../../../proxy/host/store/migrations'

/** Steps as later versions will have them. */
const steps: Migration[] = [(document) => ({ ...document, two: true }), ({ two, ...document }) => ({ ...document, three: two })]

describe('a document of an older version', () => {
  test('goes through every step from its own version on', () => {
    expect(migrate({ version: 1, kept: 'yes' }, steps, 3)).toEqual({ kind: 'migrated', document: { version: 3, kept: 'yes', three: true } })
    expect(migrate({ version: 2, two: 7 }, steps, 3)).toEqual({ kind: 'migrated', document: { version: 3, three: 7 } })
  })

  test('is itself left as it was', () => {
    const document = Object.freeze({ version: 1 })
    migrate(document, steps, 3)
    expect(document).toEqual({ version: 1 })
  })
})

test('a document of today’s version is left alone', () => {
  expect(migrate({ version: 3 }, steps, 3)).toEqual({ kind: 'current', document: { version: 3 } })
})

test('a newer one is named, never guessed at', () => {
  expect(migrate({ version: 4 }, steps, 3)).toEqual({ kind: 'newer', version: 4 })
})

test.each([null, 7, [], {}, { version: 'one' }, { version: 0 }, { version: 1.5 }])('%j is left for the schema to refuse', (document) => {
  expect(migrate(document, steps, 3)).toEqual({ kind: 'current', document })
})
