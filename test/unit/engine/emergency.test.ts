import { expect, test } from 'vitest'
import { Emergency } from '../../../proxy/engine/emergency'

const open = { settings: {} }
const closed = { settings: { closed: true } }

test('what was closed past the host opens when a person opens it', () => {
  const emergency = new Emergency()
  emergency.judge(open, '1')
  emergency.close()
  expect(emergency.judge(open, '1')).toEqual(closed)
  expect(emergency.judge(closed, '2')).toEqual(closed)
  expect(emergency.judge(open, '3')).toEqual(open)
})

test('a host that could not save that it is closed, and loads the revision before again, does not open it', () => {
  const emergency = new Emergency()
  emergency.judge(open, '1')
  emergency.close()
  emergency.judge(open, '1')
  emergency.judge(closed, '2')
  expect(emergency.judge(open, '1')).toEqual(closed)
  expect(emergency.isClosed).toBe(true)
})
