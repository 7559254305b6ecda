import { describe, expect, test } from 'vitest'
import { Guesses } from '../../../proxy/host/console/guesses'
import { Sessions } from '../../../proxy/host/console/sessions'

const TOKEN = 'a'.repeat(43)

function sessions(clock: () => number = () => 0): Sessions {
  return new Sessions(TOKEN, { elapsed: clock, wallTime: clock })
}

describe('a sign-in link', () => {
  test('is good once', () => {
    const open = sessions()
    const link = open.createLinkToken()
    const key = open.signIn(link)
    expect(open.admits(`Bearer ${key}`)).toBe(true)
    expect(open.signIn(link)).toBeNull()
  })

  test('is good for five minutes', () => {
    let now = 0
    const open = sessions(() => now)
    const inTime = open.createLinkToken()
    const late = open.createLinkToken()
    now = 5 * 60_000
    expect(open.signIn(inTime)).not.toBeNull()
    now += 1
    expect(open.signIn(late)).toBeNull()
  })

  test('stays good while a few newer ones are made, not for ever', () => {
    const open = sessions()
    const first = open.createLinkToken()
    const second = open.createLinkToken()
    open.createLinkToken()
    expect(open.signIn(first)).not.toBeNull()
    for (let n = 0; n < 8; n++) open.createLinkToken()
    expect(open.signIn(second)).toBeNull()
  })
})

test('the token of the data directory is admitted, nothing like it is', () => {
  const open = sessions()
  expect(open.admits(`Bearer ${TOKEN}`)).toBe(true)
  expect(open.admits(`bearer ${TOKEN}`)).toBe(true)
  for (const wrong of [
    undefined,
    '',
    TOKEN,
    'Bearer',
    `Bearer ${TOKEN}b`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN} `,
  ])
    expect(open.admits(wrong)).toBe(false)
})

test('a link’s own token opens nothing but a session', () => {
  const open = sessions()
  expect(open.admits(`Bearer ${open.createLinkToken()}`)).toBe(false)
})

const signedIn = (open: Sessions): string => `Bearer ${open.signIn(open.createLinkToken(), 'Firefox')}`

describe('a browser that signed in', () => {
  const HOUR = 3_600_000

  test('is signed out when it was not used for 12 hours', () => {
    let now = 0
    const open = sessions(() => now)
    const [used, idle] = [signedIn(open), signedIn(open)]
    now = 12 * HOUR - 1
    expect(open.admits(used)).toBe(true)
    now += 1
    expect([open.admits(used), open.admits(idle)]).toEqual([true, false])
  })

  test('is signed out after 7 days, however much it is used', () => {
    let now = 0
    const open = sessions(() => now)
    const key = signedIn(open)
    for (; now < 7 * 24 * HOUR; now += HOUR) expect(open.admits(key)).toBe(true)
    expect(open.admits(key)).toBe(false)
    expect(open.admits(`Bearer ${TOKEN}`)).toBe(true)
  })

  test('is listed with when it ends, and can be signed out, which whatever it has open hears', () => {
    let now = 1_000
    const open = sessions(() => now)
    const [first, second] = [signedIn(open), signedIn(open)]
    const ended: string[] = []
    open.onEnd(first, () => void ended.push('first'))
    open.onEnd(second, () => void ended.push('second'))
    expect(open.onEnd(`Bearer ${TOKEN}`, () => undefined)).toBeNull()
    now = 2_000
    expect(open.list()).toEqual(
      Array.from({ length: 2 }, () => ({
        id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        browser: 'Firefox',
        since: 1_000,
        lastUsed: 1_000,
        until: 1_000 + 12 * HOUR,
      })),
    )
    const [newest] = open.list()
    expect([open.revoke(newest?.id ?? ''), open.revoke(newest?.id ?? ''), ended]).toEqual([true, false, ['second']])
    expect([open.admits(first), open.admits(second)]).toEqual([true, false])
    const link = open.createLinkToken()
    expect([open.revokeAll(), open.admits(first), open.signIn(link), ended]).toEqual([1, false, null, ['second', 'first']])
  })

  test('is one of a hundred at most: the one that is quiet longest goes', () => {
    let now = 0
    const open = sessions(() => now)
    const keys = Array.from({ length: 100 }, () => signedIn(open))
    now = 1
    const [first = '', second = ''] = keys
    expect(open.admits(first)).toBe(true)
    signedIn(open)
    expect([open.list().length, open.admits(first), open.admits(second)]).toEqual([100, true, false])
  })
})

test('wrong tokens and links have to wait beyond thirty in a minute', () => {
  let now = 0
  const guesses = new Guesses(() => now)
  expect(Array.from({ length: 31 }, () => guesses.add()).slice(29)).toEqual([0, 60])
  now = 59_500
  expect(guesses.add()).toBe(1)
  now = 60_000
  expect(guesses.add()).toBe(0)
})
