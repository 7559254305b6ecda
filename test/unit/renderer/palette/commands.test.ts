import { describe, expect, it, vi } from 'vitest'
import { serviceSchema } from '../../../../proxy/contract/config/service'
import { type CommandWorld, findCommands } from '../../../../renderer/features/palette/commands'

const services = [
  serviceSchema.parse({ id: 'office', name: 'Office wiki', backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }] }),
  serviceSchema.parse({ id: 'wiki', name: 'Wiki', enabled: false, backends: [{ id: 'main', url: 'http://127.0.0.1:4000' }] }),
]

function world(changes: Partial<CommandWorld> = {}): CommandWorld {
  return {
    services,
    addressOf: (id) => `http://${id}.lan`,
    engine: 'running',
    go: vi.fn(),
    copy: vi.fn(),
    open: vi.fn(),
    setEnabled: vi.fn(),
    gateway: vi.fn(),
    closed: false,
    setClosed: () => undefined,
    theme: vi.fn(),
    ...changes,
  }
}

function texts(query: string, changes?: Partial<CommandWorld>): Record<string, string[]> {
  return Object.fromEntries(findCommands(query, world(changes)).map(({ title, commands }) => [title, commands.map(({ text }) => text)]))
}

describe('search and commands', () => {
  it('finds services by name, those that begin with it first, and what can be done to the best', () => {
    expect(texts('wiki')).toEqual({
      Services: ['Wiki', 'Office wiki'],
      Actions: ['Copy address of Wiki', 'Open Wiki', 'Edit Wiki', 'Switch on Wiki'],
    })
  })

  it('finds an action by its verb', () => {
    expect(texts('switch off')['Actions']).toEqual(['Switch off Office wiki'])
  })

  it('finds places and commands', () => {
    expect(texts('settings')).toEqual({ 'Go to': ['Settings'] })
    expect(texts('dark')).toEqual({ Commands: ['Dark theme'] })
    expect(texts('start', { engine: 'stopped' })['Commands']).toEqual(['Start the gateway'])
  })

  it('offers to expose an address that was typed', () => {
    const go = vi.fn()
    const [group] = findCommands('nas:5000', world({ go }))
    expect(group?.commands[0]?.text).toBe('Expose http://nas:5000')
    group?.commands[0]?.run()
    expect(go).toHaveBeenCalledWith({ screen: 'expose', url: 'http://nas:5000', name: '' })
  })

  it('finds nothing where nothing fits', () => expect(texts('zzz')).toEqual({}))
})
