import { describe, expect, it } from 'vitest'
import { serviceSchema } from '../../../../proxy/contract/config/service'
import { isShown, matchesQuery } from '../../../../renderer/features/services/service-filter'

const wiki = serviceSchema.parse({
  id: 'wiki',
  name: 'Team wiki',
  hosts: ['xn--bro-hoa.lan'],
  backends: [{ id: 'main', url: 'http://192.168.1.21:6875' }],
})

describe('the filter', () => {
  it.each(['team', 'WIKI', '6875', '192.168.1.21', 'büro', 'team 6875', 'gateway:8081', ' '])('finds “%s”', (query) => {
    expect(matchesQuery(wiki, ['http://gateway:8081'], query)).toBe(true)
  })

  it('wants every word', () => expect(matchesQuery(wiki, [], 'team grafana')).toBe(false))

  it('shows what needs attention, or what is off', () => {
    expect([
      isShown('attention', 'down'),
      isShown('attention', 'online'),
      isShown('off', 'off'),
      isShown('off', 'down'),
      isShown('all', null),
    ]).toEqual([true, false, true, false, true])
  })
})
