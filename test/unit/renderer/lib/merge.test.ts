import { describe, expect, it } from 'vitest'
import { merge } from '../../../../renderer/lib/merge'

const base = {
  version: 1,
  services: [
    { id: 'a', name: 'A' },
    { id: 'b', name: 'B' },
    { id: 'c', name: 'C' },
  ],
  settings: { x: 1, y: 1 },
}

describe('carrying a change over to a document that someone else saved meanwhile', () => {
  it('keeps both changes where they touch different things', () => {
    const mine = { ...base, services: base.services.map((service) => (service.id === 'a' ? { id: 'a', name: 'Mine' } : service)) }
    const theirs = {
      ...base,
      services: base.services.map((service) => (service.id === 'b' ? { id: 'b', name: 'Theirs' } : service)),
      settings: { x: 1, y: 2 },
    }
    expect(merge(base, mine, theirs)).toEqual({
      version: 1,
      services: [
        { id: 'a', name: 'Mine' },
        { id: 'b', name: 'Theirs' },
        { id: 'c', name: 'C' },
      ],
      settings: { x: 1, y: 2 },
    })
  })

  it('takes mine where both changed the same value', () => {
    expect(merge({ name: 'A' }, { name: 'Mine' }, { name: 'Theirs' })).toEqual({ name: 'Mine' })
  })

  it('puts a deleted service back in its place, beside one that was added since', () => {
    const without = { ...base, services: base.services.filter(({ id }) => id !== 'b') }
    const since = { ...without, services: [...without.services, { id: 'new', name: 'New' }] }
    expect(merge(without, base, since).services.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'new'])
  })

  it('takes an added service out again and leaves what was changed since', () => {
    const added = { ...base, services: [...base.services, { id: 'd', name: 'D' }] }
    const since = { ...added, services: added.services.map((service) => (service.id === 'a' ? { id: 'a', name: 'Renamed' } : service)) }
    expect(merge(added, base, since).services).toEqual([
      { id: 'a', name: 'Renamed' },
      { id: 'b', name: 'B' },
      { id: 'c', name: 'C' },
    ])
  })

  it('takes a key that was added out again', () => {
    expect(merge({ id: 'a', enabled: false }, { id: 'a' }, { id: 'a', enabled: false, path: '/x' })).toEqual({ id: 'a', path: '/x' })
  })

  it('puts the first of a list back to the front', () => {
    const without = { ...base, services: base.services.slice(1) }
    expect(merge(without, base, without).services.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    const since = { ...without, services: [...without.services, { id: 'd', name: 'D' }] }
    expect(merge(without, base, since).services.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  })
})
