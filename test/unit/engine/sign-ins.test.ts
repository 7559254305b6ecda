import { elapsed } from '../../../proxy/contract/clock'
import { scryptSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseAddress } from '../../../proxy/contract/address'
import { type Derive, Passwords } from '../../../proxy/engine/gate/passwords'
import { SignIns } from '../../../proxy/engine/gate/sign-ins'

const address = (text: string) => parseAddress(text) ?? expect.fail(text)
const salt = Buffer.from('salt of everybody')
const hash = `scrypt$1024$1$1$${salt.toString('base64')}$${scryptSync('right', salt, 32, { N: 1024, r: 1, p: 1 }).toString('base64')}`
const users = [{ name: 'anna', hash }]

/** A gate whose computations end when told to, one after the other. */
function gate() {
  const running: (() => void)[] = []
  const begun: string[] = []
  const derive: Derive = (password, ofSalt, length, { N, r, p }, done) => {
    begun.push(password)
    running.push(() => done(null, scryptSync(password, ofSalt, length, { N, r, p })))
  }
  const signIns = new SignIns(new Passwords(derive))
  const verdicts: string[] = []
  return {
    signIns,
    begun,
    verdicts,
    send: (client: string, password: string, user = 'anna'): (() => void) =>
      signIns.check(users, { user, password }, address(client), (verdict) => void verdicts.push(`${client} ${password} ${verdict}`)),
    /** Lets computations end until none is left, or so many have. */
    finish: (count = Number.POSITIVE_INFINITY): void => {
      for (let n = 0; n < count; n++) {
        const end = running.shift()
        if (end === undefined) return
        end()
      }
    },
    of: (verdict: string) => verdicts.filter((text) => text.endsWith(` ${verdict}`)).length,
  }
}

test('guesses that come at once are as few as those that come in turn: five are computed, the others wait a minute', () => {
  const { send, finish, begun, of, signIns } = gate()
  for (let n = 0; n < 60; n++) send('192.0.2.1', `guess ${n}`)
  finish()
  expect([begun.length, of('wrong'), of('later'), of('busy')]).toEqual([5, 5, 13, 42])
  expect(signIns.waitFor(address('192.0.2.1'), elapsed())).toBeGreaterThan(0)
})

test('the addresses of one IPv6 network share their guesses', () => {
  const { send, finish, begun } = gate()
  for (let n = 0; n < 60; n++) send(`2001:db8::${n.toString(16)}`, `guess ${n}`)
  finish()
  expect(begun).toHaveLength(5)
})

test('a right guess among those under way is not told from the others by its cached success', () => {
  const { send, finish, signIns } = gate()
  send('192.0.2.2', 'right')
  finish()
  const credentials = { user: 'anna', password: 'right' }
  expect(signIns.isKnown(users, credentials, address('192.0.2.1'), elapsed())).toBe(true)
  for (let n = 0; n < 5; n++) send('192.0.2.1', `guess ${n}`)
  expect(signIns.isKnown(users, credentials, address('192.0.2.1'), elapsed())).toBe(false)
  expect(signIns.isKnown(users, credentials, address('192.0.2.2'), elapsed())).toBe(true)
})

test('one’s own password does not give back the guesses at somebody else’s', () => {
  const { send, finish, begun } = gate()
  for (let n = 0; n < 20; n++) {
    send('192.0.2.1', `guess ${n}`, 'bert')
    if (n % 4 === 3) send('192.0.2.1', 'right')
    finish()
  }
  expect(begun.filter((password) => password !== 'right')).toHaveLength(5)
})

test('a page whose requests all bring the same password is one try, right or wrong', () => {
  const { send, finish, begun, of } = gate()
  for (let n = 0; n < 40; n++) send('192.0.2.1', 'right')
  for (let n = 0; n < 40; n++) send('192.0.2.1', 'mistyped')
  finish()
  expect([begun, of('right'), of('wrong')]).toEqual([['right', 'mistyped'], 40, 40])
})

test('six people behind one address sign in at once, and all get in', () => {
  const people = Array.from({ length: 6 }, (_, n) => ({ name: `user ${n}`, hash }))
  const { signIns, finish } = gate()
  const verdicts: string[] = []
  for (const { name } of people)
    signIns.check(people, { user: name, password: 'right' }, address('192.0.2.1'), (verdict) => void verdicts.push(verdict))
  finish()
  expect(verdicts).toEqual(Array.from({ length: 6 }, () => 'right'))
})

test('who leaves before the verdict has guessed all the same, and one that waits no more is not computed', () => {
  const { send, finish, begun, verdicts } = gate()
  for (let n = 0; n < 10; n++) send('192.0.2.1', `guess ${n}`)()
  finish()
  expect([begun, verdicts]).toEqual([['guess 0', 'guess 1'], []])
  for (let n = 0; n < 10; n++) send('192.0.2.1', `more ${n}`)
  finish()
  expect(begun).toHaveLength(5)
})

test('a full line keeps a place for who signed in before, and for a stranger who has not failed', () => {
  const { send, finish, of, begun } = gate()
  send('192.0.2.1', 'right')
  finish()
  // Each address fails once and comes again with more: the line is full of them.
  const attackers = Array.from({ length: 200 }, (_, n) => `198.51.100.${n}`)
  for (const attacker of attackers) send(attacker, 'first')
  finish()
  for (const attacker of attackers) for (let n = 0; n < 3; n++) send(attacker, `again ${n}`)
  expect(of('busy')).toBeGreaterThan(300)
  const before = begun.length
  send('192.0.2.1', 'right again')
  send('203.0.113.1', 'stranger')
  finish(4)
  expect(begun.slice(before, before + 3)).toEqual(expect.arrayContaining(['right again', 'stranger']))
})

test('credentials that were right before come first from wherever they come', () => {
  const { signIns, send, finish, begun } = gate()
  send('192.0.2.1', 'right')
  finish()
  for (let n = 0; n < 100; n++) send(`198.51.100.${n}`, `guess ${n}`)
  const before = begun.length
  let verdict = ''
  const later = elapsed() + 3_600_000
  expect(signIns.isKnown(users, { user: 'anna', password: 'right' }, address('203.0.113.9'), later)).toBe(false)
  signIns.check(users, { user: 'anna', password: 'right' }, address('203.0.113.9'), (told) => {
    verdict = told
  })
  finish(1)
  expect([verdict, begun.length - before]).toEqual(['right', 1])
})

test('clients have their turn one after the other, however many tries each has sent', () => {
  const { send, finish, begun } = gate()
  for (let n = 0; n < 4; n++) send('192.0.2.1', `flood ${n}`)
  send('192.0.2.2', 'honest')
  finish(2)
  expect(begun.slice(2)).toContain('honest')
})

test('who has failed before is not kept waiting for ever by strangers without end', () => {
  const { send, finish, begun } = gate()
  send('192.0.2.1', 'mistyped')
  finish()
  for (let n = 0; n < 20; n++) send(`198.51.100.${n}`, `stranger ${n}`)
  send('192.0.2.1', 'second try')
  for (let n = 0; n < 6; n++) {
    send(`198.51.100.${100 + n}`, `more ${n}`)
    finish(1)
  }
  expect(begun).toContain('second try')
})

test('what waits is bounded, and the others are told to come back', () => {
  const { send, finish, of } = gate()
  for (let n = 0; n < 1_000; n++) send(`10.0.${n >> 8}.${n & 255}`, 'guess')
  expect(of('busy')).toBe(1_000 - 2 - 256)
  finish()
  expect(of('wrong')).toBe(258)
})
