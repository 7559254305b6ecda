import { describe, expect, it, test } from 'vitest'
import { accessListSchema, accessSchema } from '../../../../proxy/contract/config/access'
import { describeAccess } from '../../../../renderer/lib/access-words'

const say = (...from: string[]): string =>
  describeAccess(accessSchema.parse({ rules: from.map((address) => ({ action: 'allow', from: address })) }), []).text

describe('who can open it, in few words', () => {
  it.each([
    [say(), 'Anyone'],
    [say('this-network'), 'This office network'],
    [say('this-network', 'vpn'), 'Office and VPN'],
    [say('lan', 'loopback'), 'LAN only'],
    [say('loopback'), 'This computer only'],
    [say('203.0.113.7'), '203.0.113.7'],
    [say('203.0.113.7', '203.0.113.8'), '2 rules'],
    [say('this-network', '203.0.113.7'), 'This office network and 1 more'],
    [say('anyone', 'lan'), 'Anyone'],
    [describeAccess(accessSchema.parse({ default: 'deny' }), []).text, 'Nobody'],
    [describeAccess(accessSchema.parse({ rules: [{ action: 'deny', from: '203.0.113.7' }] }), []).text, 'Anyone, with exceptions'],
  ])('%s', (said, expected) => expect(said).toBe(expected))
})

test('a list that only refuses leaves a service open to anyone but those', () => {
  const lists = [accessListSchema.parse({ id: 'scanners', rules: [{ action: 'deny', from: '203.0.113.7' }] })]
  expect(describeAccess(accessSchema.parse({ rules: [{ list: 'scanners' }] }), lists).text).toBe('Anyone, with exceptions')
})
