import { describe, expect, it } from 'vitest'
import { backendTexts, secretNote, secretsOf } from '../../../../renderer/features/lockdown/backend-texts'
import {
  forgetOvertaken,
  forgetSecrets,
  knownSecrets,
  learnCurrent,
  learnNext,
  takeNext,
} from '../../../../renderer/features/lockdown/known-secrets'

const service = { header: 'X-AstroRelay-Key', rotating: false }
const asked = {
  service,
  url: 'http://192.168.1.31:8080',
  method: 'secret',
  gateway: ['192.168.1.10'],
  known: { current: 'S3cret-value', next: null },
  shown: false,
} as const
const nginx = (changes: Partial<Parameters<typeof backendTexts>[0]> = {}) =>
  backendTexts({ ...asked, ...changes }).find(({ id }) => id === 'nginx')

describe('texts for the backends', () => {
  it('are masked until shown, and copied with the secret', () => {
    expect(nginx()?.text).toContain('••••••••')
    expect(nginx()?.text).not.toContain('S3cret-value')
    expect(nginx()?.copy.split('S3cret-value')).toHaveLength(2)
    expect(nginx({ shown: true })?.text).toContain('S3cret-value')
  })

  it('are copied masked where nobody here knows the secret', () => {
    expect(nginx({ known: { current: null, next: null }, shown: true })?.copy).toContain('••••••••')
  })

  it('say what has to be put into a copy that holds a mask', () => {
    expect(nginx()?.note).toBeNull()
    expect(nginx({ method: 'network', known: { current: null, next: null } })?.note).toBeNull()
    expect(nginx({ known: { current: null, next: null } })?.note).toBe('The copy holds no secret: replace •••••••• with the secret.')
    const rotating = { ...service, rotating: true }
    expect(nginx({ service: rotating, known: { current: null, next: 'N3w' } })?.note).toBe(
      'The copy holds no secret: replace old-•••••••• with the old secret.',
    )
  })

  it('accept both secrets while one takes the other’s place, also where both are masked', () => {
    const rotating = { ...service, rotating: true }
    const text = nginx({ service: rotating, known: { current: null, next: 'N3w-value' }, shown: true })?.text ?? ''
    expect(text).toContain('old-••••••••')
    expect(text).toContain('N3w-value')
    expect(new Set(secretsOf(true, { current: null, next: null })).size).toBe(2)
  })

  it('let loopback in where the backend is on this computer, and only there', () => {
    expect(nginx({ method: 'network', url: 'http://localhost:8080' })?.text).toContain('127.0.0.1 1;')
    expect(nginx({ method: 'network' })?.text).not.toContain('127.0.0.1')
  })

  it('are none for an address that cannot be read', () => expect(backendTexts({ ...asked, url: 'what' })).toEqual([]))

  it('say what cannot be shown again', () => {
    expect(secretNote(false, { current: null, next: null })).toContain('shown once')
    expect(secretNote(true, { current: null, next: 'n' })).toContain('Leave the line of the old secret as it stands')
    expect(secretNote(true, { current: 'c', next: null })).toContain('shown once')
  })
})

const row = (changes: object = {}) => [{ id: 'wiki', header: 'X-AstroRelay-Key', rotating: false, ...changes }]
const later = (): number => performance.now() + 1_000

describe('secrets that this window knows', () => {
  it('move up at the end of a rotation', () => {
    learnCurrent('wiki', 'one')
    learnNext('wiki', 'two')
    expect(knownSecrets('wiki')).toMatchObject({ current: 'one', next: 'two' })
    takeNext('wiki')
    expect(knownSecrets('wiki')).toMatchObject({ current: 'two', next: null })
    forgetSecrets('wiki')
  })

  it('are forgotten when somebody else removed the lock or ended the rotation, and when the service is gone', () => {
    for (const services of [row({ header: null }), []]) {
      learnCurrent('wiki', 'one')
      forgetOvertaken(services, later())
      expect(knownSecrets('wiki').current).toBeNull()
    }
    learnNext('wiki', 'two')
    forgetOvertaken(row(), later())
    expect(knownSecrets('wiki').next).toBeNull()
  })

  it('outlive an answer that was asked for before they were told', () => {
    const before = performance.now() - 1
    learnCurrent('wiki', 'one')
    forgetOvertaken(row({ header: null }), before)
    expect(knownSecrets('wiki').current).toBe('one')
    forgetSecrets('wiki')
  })
})
