import { expect, test } from 'vitest'
import { ERRORS, errorKind, isFailure, isRefusal } from '../../../proxy/contract/errors'

function codesThat(has: (code: string) => boolean): string[] {
  return Object.keys(ERRORS).filter(has).toSorted()
}

test('refused means that rules, limits or sign-in said no to this client, and nothing else does', () => {
  expect(codesThat(isRefusal)).toEqual(['AR_BODY_TOO_LARGE', 'AR_RATE_LIMITED', 'AR_REFUSED', 'AR_SIGN_IN'])
})

test('failed means that what should have been answered was not', () => {
  expect(codesThat(isFailure)).toEqual([
    'AR_BACKEND_FAILED',
    'AR_BACKEND_LOOP',
    'AR_BACKEND_TIMEOUT',
    'AR_BUSY',
    'AR_INTERNAL',
    'AR_LOOP',
    'AR_UNAVAILABLE',
  ])
})

test('what nobody publishes is no refusal, and planned maintenance no failure', () => {
  expect(errorKind('AR_NO_SERVICE')).toBe('client')
  expect(errorKind('AR_MAINTENANCE')).toBe('planned')
})

test('a row without an error, or with a code of another version, has no kind', () => {
  expect([errorKind(null), errorKind('AR_OF_ANOTHER_VERSION'), errorKind('constructor')]).toEqual([null, null, null])
})
