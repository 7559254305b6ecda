import { expect, test } from 'vitest'
import { requestStatus } from '../../../../renderer/lib/request-words'

function connection(error: string | null) {
  return requestStatus({ method: 'TCP', status: 0, error, endedBy: 'gateway', reason: null, host: '', path: '' })
}

test('a connection is called refused for what a request is called refused for', () => {
  expect(['AR_REFUSED', 'AR_RATE_LIMITED', 'AR_SIGN_IN', 'AR_BODY_TOO_LARGE'].map(connection)).toEqual(Array(4).fill('Refused'))
})

test('a connection that no service is there for was not refused', () => {
  expect(connection('AR_NO_SERVICE')).toBe('Failed')
})
