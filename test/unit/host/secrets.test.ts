import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { MASK } from '../../../proxy/contract/config/secret'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { masked } from '../../../proxy/contract/secrets'
import { newSecret, unmasked } from '../../../proxy/host/lockdown/secrets'
import { maskIssues } from '../../../proxy/host/secrets'

const wiki: ServiceDocument = {
  id: 'wiki',
  backends: [{ id: 'a', url: 'http://10.0.0.1:80' }],
  lockdown: { secretHeader: { name: 'X-Key', value: 'the-secret-of-the-wiki', next: 'the-next-of-the-wiki-x' } },
}
const plain: ServiceDocument = { id: 'plain', backends: [{ id: 'a', url: 'http://10.0.0.2:80' }] }
const current: ConfigDocument = { version: 1, services: [wiki, plain] }

function secretOf(document: unknown, at = 0): unknown {
  return (document as ConfigDocument).services?.[at]?.lockdown?.secretHeader
}

test('a document that is shown has masks, and one that is saved with them keeps its secrets', () => {
  const shown = masked(current)
  expect(secretOf(shown)).toEqual({ name: 'X-Key', value: MASK, next: MASK })
  expect(shown).toMatchObject({ services: [{}, plain] })
  expect(unmasked(shown, current)).toEqual({ document: current, notes: [] })
})

test('a clone, and a service that got another id, have the secret that their backends know', () => {
  const clone = { ...(masked(current) as ConfigDocument).services?.[0], id: 'wiki-2' }
  expect(secretOf(unmasked({ version: 1, services: [wiki, clone] }, current).document, 1)).toEqual(wiki.lockdown?.secretHeader)
  expect(secretOf(unmasked({ version: 1, services: [clone] }, current).document)).toEqual(wiki.lockdown?.secretHeader)
})

test('where nobody knows the secret, one is made, and that is noted', () => {
  const { document, notes } = unmasked(
    {
      version: 1,
      services: [
        plain,
        { id: 'new', backends: [{ id: 'a', url: 'http://10.0.0.9:80' }], lockdown: { secretHeader: { value: MASK, next: MASK } } },
      ],
    },
    current,
  )
  expect(secretOf(document, 1)).toEqual({ value: expect.stringMatching(/^[\w-]{43}$/) })
  expect(notes).toEqual([{ path: 'services[1].lockdown.secretHeader.value', message: expect.stringContaining('a new secret was made') }])
  expect(
    secretOf(unmasked({ version: 1, services: [{ id: 'new', backends: [], lockdown: { secretHeader: {} } }] }, current).document),
  ).toEqual({ value: expect.stringMatching(/^[\w-]{43}$/) })
})

test('a secret that is given is taken; a new one is none that was there', () => {
  const given = { version: 1, services: [{ ...wiki, lockdown: { secretHeader: { value: 'a-secret-of-my-own-choice' } } }] }
  expect(unmasked(given, current)).toEqual({ document: given, notes: [] })
  expect(unmasked({ version: 1, services: [{ id: 'new', lockdown: { secretHeader: { value: 'short' } } }] }, current).notes).toEqual([
    { path: 'services[0].lockdown.secretHeader.value', message: expect.stringContaining('short enough to be guessed') },
  ])
  expect(new Set(Array.from({ length: 100 }, newSecret)).size).toBe(100)
})

test('what is no document is left as it is, and a store with a mask in it is told of', () => {
  for (const odd of [
    null,
    7,
    'text',
    [],
    { services: 'none' },
    { services: [null, 7, { lockdown: 'no' }, { lockdown: { secretHeader: [] } }] },
  ]) {
    expect(unmasked(odd, current).document).toEqual(odd)
    expect(masked(odd)).toEqual(odd)
  }
  expect(maskIssues(masked(current))).toEqual([
    { path: 'services[0].lockdown.secretHeader.value', message: expect.stringContaining('the mask of a secret') },
    { path: 'services[0].lockdown.secretHeader.next', message: expect.stringContaining('the mask of a secret') },
  ])
  expect(maskIssues(current)).toEqual([])
})
