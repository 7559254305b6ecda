import { describe, expect, test } from 'vitest'
import { Sessions } from '../../../proxy/host/console/sessions'

const TOKEN = 'a'.repeat(43)

function sessions(clock: () => number = () => 0): Sessions {
  return new Sessions(TOKEN, clock)
}

describe('a sign-in link', () => {
  test('is good once', () => {
    const open = sessions()
    const link = open.createLinkToken()
    const key = open.signIn(link)
    expect(open.admits(`Bearer ${key}`)).toBe(true)
    expect(open.signIn(link)).toBeNull()
  })

  test('is good for 15 minutes', () => {
    let now = 0
    const open = sessions(() => now)
    const inTime = open.createLinkToken()
    const late = open.createLinkToken()
    now = 15 * 60_000
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
