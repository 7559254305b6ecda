import { scryptSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Derive, Passwords } from '../../../proxy/engine/gate/passwords'

type Users = Parameters<Passwords['check']>[0]

/** A hash that is cheap to make, of a cost of its own. */
function hashOf(password: string, cost: number, blockSize = 1): string {
  const salt = Buffer.from(`salt of ${password} ${cost}`.padEnd(16, '.'))
  const key = scryptSync(password, salt, 32, { N: cost, r: blockSize, p: 1 })
  return `scrypt$${cost}$${blockSize}$1$${salt.toString('base64')}$${key.toString('base64')}`
}

/** What one sign-in computed, in order, and what came of it. */
async function workOf(users: Users, user: string, password: string): Promise<{ verdict: string; known: boolean; work: string[] }> {
  const work: string[] = []
  const derive: Derive = (text, salt, length, { N, r, p, maxmem }, done) => {
    work.push(`N=${N} r=${r} p=${p} ${length} bytes`)
    done(null, scryptSync(text, salt, length, { N, r, p, maxmem }))
  }
  const passwords = new Passwords(derive)
  const verdict = await new Promise<string>((resolve) =>
    passwords.check(users, { user, password }, 0, (right) => resolve(right ? 'right' : 'wrong')),
  )
  return { verdict, known: passwords.isKnown(users, { user, password }, 1), work }
}

test('a name that is not there costs the same work as one that is, whatever the service’s hashes cost', async () => {
  const users = [{ name: 'anna', hash: hashOf('geheim', 4_096, 2) }]
  const { work } = await workOf(users, 'anna', 'falsch')
  expect(work).toEqual(['N=4096 r=2 p=1 32 bytes'])
  for (const [user, password] of [
    ['anna', 'geheim'],
    ['bert', 'geheim'],
    ['', ''],
    ['anna', ''],
  ] as const)
    expect((await workOf(users, user, password)).work).toEqual(work)
})

test('users whose hashes cost differently cannot be told from each other, or from nobody', async () => {
  const users = [
    { name: 'anna', hash: hashOf('a', 1_024) },
    { name: 'bert', hash: hashOf('b', 8_192) },
    { name: 'carl', hash: hashOf('c', 1_024, 8) },
    { name: 'dora', hash: hashOf('d', 8_192) },
  ]
  const each = await Promise.all(
    [
      ['anna', 'a'],
      ['bert', 'b'],
      ['carl', 'c'],
      ['dora', 'd'],
      ['anna', 'b'],
      ['nobody', 'a'],
    ].map(([user = '', password = '']) => workOf(users, user, password)),
  )
  expect(each.map(({ verdict, known }) => `${verdict} ${String(known)}`)).toEqual([
    'right true',
    'right true',
    'right true',
    'right true',
    'wrong false',
    'wrong false',
  ])
  expect(new Set(each.map(({ work }) => work.join()))).toEqual(
    new Set(['N=1024 r=1 p=1 32 bytes,N=8192 r=1 p=1 32 bytes,N=1024 r=8 p=1 32 bytes']),
  )
})

test('a password as long as a whole head is wrong at once, for whomever', async () => {
  const long = 'x'.repeat(5_000)
  const users = [{ name: 'anna', hash: hashOf(long, 1_024) }]
  expect([await workOf(users, 'anna', long), await workOf(users, 'bert', long)]).toEqual([
    { verdict: 'wrong', known: false, work: [] },
    { verdict: 'wrong', known: false, work: [] },
  ])
})
