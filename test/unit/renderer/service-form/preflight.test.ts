import { expect, test } from 'vitest'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { accessDraftOf, writeAccessDraft } from '../../../../renderer/features/service-form/model/access-draft'

const users = [{ name: 'anna', hash: 'scrypt$32768$8$1$c2FsdA$a2V5' }]
const signIn = (more: Partial<NonNullable<ServiceDocument['basicAuth']>> = {}): ServiceDocument => ({
  id: 'wiki',
  basicAuth: { users, ...more },
})
const written = (document: ServiceDocument, letPreflight: boolean) =>
  writeAccessDraft({ ...accessDraftOf(document), letPreflight }, document).basicAuth

test('whether preflights need a password is written where it is chosen, and stays as it was written where it is not touched', () => {
  expect([accessDraftOf(signIn()).letPreflight, accessDraftOf(signIn({ letPreflight: true })).letPreflight]).toEqual([false, true])
  expect(written(signIn({ realm: 'Wiki' }), true)).toEqual({ realm: 'Wiki', users, letPreflight: true })
  expect(written(signIn({ letPreflight: true }), false)).toEqual({ users, letPreflight: false })
  expect(written(signIn({ letPreflight: false }), false)).toEqual({ users, letPreflight: false })
  expect(written(signIn(), false)).toEqual({ users })
})
