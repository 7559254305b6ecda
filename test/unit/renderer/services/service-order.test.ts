import { describe, expect, it } from 'vitest'
import type { ServiceState } from '../../../../proxy/contract/status'
import { holdOrder, orderByNeed } from '../../../../renderer/features/services/service-order'

const states: Readonly<Record<string, ServiceState>> = { a: 'online', b: 'attention', c: 'off', d: 'down' }

describe('the order of the services', () => {
  it('has those that need someone first, otherwise as they are configured', () => {
    expect(orderByNeed(['a', 'b', 'c', 'd'], (id) => states[id] ?? null)).toEqual(['d', 'b', 'a', 'c'])
  })

  it('stays as it is under the pointer, but for what came and went', () => {
    expect(holdOrder(['a', 'b', 'c'], ['c', 'a', 'new'])).toEqual(['a', 'c', 'new'])
    expect(holdOrder(['a', 'b'], ['new', 'b', 'a'])).toEqual(['new', 'a', 'b'])
  })
})
