import { expect, test } from 'vitest'
import { NotificationPolicy, type Told, toldByAlert, toldByNotice } from '../../../electron/main/notification-policy'
import type { Notice } from '../../../proxy/contract/events'

function notice(title: string, level: Notice['level'] = 'warning', place?: string): Told {
  return toldByNotice({ id: '1', at: 0, level, title, text: 'because', ...(place === undefined ? {} : { place }) })
}

test('a notice becomes a notification; good news comes without a sound', () => {
  const policy = new NotificationPolicy(() => 0)
  expect(policy.decide(notice('Port 80 is taken'))).toEqual({
    show: true,
    cause: 'Port 80 is taken',
    title: 'Port 80 is taken',
    body: 'because',
    silent: false,
    place: undefined,
  })
  expect(policy.decide(notice('wiki is back', 'info'))).toMatchObject({ silent: true })
})

test('a notification knows where something can be done about it', () => {
  expect(new NotificationPolicy(() => 0).decide(notice('Listener web is not open', 'warning', '/settings'))).toMatchObject({
    place: '/settings',
  })
})

test('one cause that comes ten times in five minutes is shown three times', () => {
  let now = 0
  const policy = new NotificationPolicy(() => now)
  const shown = Array.from({ length: 10 }, () => {
    now += 20_000
    return policy.decide(notice('wiki is down')).show
  })
  expect(shown.filter(Boolean)).toHaveLength(3)
  now += 5 * 60_000
  expect(policy.decide(notice('wiki is down')).show).toBe(true)
})

test('more than three causes in a minute become one number', () => {
  const policy = new NotificationPolicy(() => 0)
  const decisions = ['a', 'b', 'c', 'd', 'e'].map((title) => policy.decide(notice(title)))
  expect(decisions.slice(0, 3).every((decision) => decision.show && decision.cause !== 'many')).toBe(true)
  expect(decisions.slice(3)).toEqual([
    { show: true, cause: 'many', title: '4 things need attention', body: 'AstroRelay lists them.', silent: true },
    { show: true, cause: 'many', title: '5 things need attention', body: 'AstroRelay lists them.', silent: true },
  ])
})

test('the end of an alarm takes the place of the alarm, without a sound; a click opens the service', () => {
  const alert = {
    id: 'health-1',
    at: 0,
    level: 'down',
    services: ['wiki'],
    title: 'Office wiki is down',
    text: 'a: connection refused.',
    since: 0,
  } as const
  const policy = new NotificationPolicy(() => 0)
  expect(policy.decide(toldByAlert({ ...alert, services: [...alert.services] }))).toMatchObject({
    show: true,
    cause: 'health-1',
    silent: false,
    place: '/services/wiki',
  })
  expect(
    policy.decide(toldByAlert({ ...alert, services: [...alert.services], level: 'back', title: 'Office wiki is back' })),
  ).toMatchObject({ show: true, cause: 'health-1', title: 'Office wiki is back', silent: true })
  expect(toldByAlert({ ...alert, services: ['wiki', 'files'] }).place).toBe('/services')
})
