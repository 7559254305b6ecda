import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import { defaultText, optionsOf, problemAt, rangeOf } from '../../proxy/contract/config/facts'
import { parseConfig } from '../../proxy/contract/parse'
import { asSentence } from '../../renderer/lib/format'
import { advancedDraftOf, type AdvancedField, documentPlace } from '../../renderer/features/service-form/model/advanced-draft'
import { MACHINE_FIELDS, placeholderOf, WEB_FIELDS } from '../../renderer/features/service-form/model/advanced-fields'
import { buildCandidate } from '../../renderer/features/service-form/model/candidate'
import { checkDraft } from '../../renderer/features/service-form/model/check-draft'
import {
  HEALTH_TYPES,
  MACHINE_CHECKS,
  MAINTENANCE_MODES,
  ON_DENY,
  ROLES,
  SENT_HOSTS,
} from '../../renderer/features/service-form/model/choices'
import { emptyDraft, type ServiceDraft } from '../../renderer/features/service-form/model/draft'
import { POLICIES } from '../../renderer/features/service-form/model/policies'
import { withKind, withPreset } from '../../renderer/features/service-form/model/switch-kind'

// There is no second description of the configuration: what the form shows, takes and says is what the schema does.

const document: ConfigDocument = { version: 1, listeners: [{ id: 'web', port: 8080 }] }
const context = { document, id: null, surroundings: { ownAddresses: [] } }

const web: ServiceDraft = { ...emptyDraft({ url: '192.168.1.31:8080', name: 'Wiki' }), hosts: ['wiki.lan'] }
const at = (draft: ServiceDraft, url: string, port: string): ServiceDraft => ({
  ...draft,
  port,
  backends: draft.backends.map((backend) => ({ ...backend, url })),
})
const machine = at(withKind(emptyDraft({ name: 'PC' }), 'machine', false), '192.168.1.55:3389', '3390')
const udp = at(withPreset(machine, 'dns'), '192.168.1.53:53', '5300')
const files: ServiceDraft = { ...withKind(emptyDraft({ name: 'Files', folder: '/srv/files' }), 'files', false), hosts: ['files.lan'] }
const redirect: ServiceDraft = {
  ...withKind(emptyDraft({ name: 'Old' }), 'redirect', false),
  hosts: ['old.lan'],
  to: 'https://new.lan',
}

const KINDS = { web, machine, udp, files, redirect }
const SHOWN = {
  web: Object.values(WEB_FIELDS).flat(),
  machine: [...MACHINE_FIELDS.checks, ...MACHINE_FIELDS.times, ...MACHINE_FIELDS.sharing],
  udp: [...MACHINE_FIELDS.sessions, ...MACHINE_FIELDS.sharing],
} as const
const FIELDS = (['web', 'machine', 'udp'] as const).flatMap((kind) => SHOWN[kind].map((text) => ({ kind, field: text[0], text })))

const saidAt = (draft: ServiceDraft, field: string): string | null =>
  checkDraft(draft, context).find((problem) => problem.field === field && problem.level === 'error')?.message ?? null
const typed = (kind: keyof typeof SHOWN, field: AdvancedField, text: string): ServiceDraft => ({
  ...KINDS[kind],
  advanced: { ...advancedDraftOf(undefined), [field]: text },
})

test.each(FIELDS)('the empty field $field of a $kind service shows the default that then holds', ({ field, text }) => {
  const standard = defaultText(documentPlace(field))
  if (standard === null) expect(placeholderOf(text)).not.toBe('')
  else expect(placeholderOf(text)).toBe(standard)
  // A default that is written beside the field as well would be a second description of it.
  expect(standard !== null && text[2] !== undefined).toBe(false)
})

const COUNTED = FIELDS.filter(({ field }) => hasRange(documentPlace(field)))

test('the form has fields for numbers', () => {
  expect(new Set(COUNTED.map(({ field }) => field))).toEqual(new Set(['health.fall', 'health.rise', 'maxConnections', 'retry.attempts']))
})

test.each(COUNTED)('$field of a $kind service takes the numbers that the schema takes, and names them', ({ kind, field }) => {
  const { min, max } = rangeOf(documentPlace(field))
  for (const number of [min, max]) expect(saidAt(typed(kind, field, String(number)), field)).toBe(null)
  for (const text of [String(min - 1), String(max + 1), '1e0', '0x1', 'many'])
    expect(saidAt(typed(kind, field, text), field)).toBe(`Write a whole number from ${min} to ${max}.`)
})

test.each(FIELDS.filter(({ field }) => problemAt(documentPlace(field), '999d') !== null && !hasRange(documentPlace(field))))(
  'what $field of a $kind service does not take is told in the schema’s words',
  ({ kind, field }) => {
    const place = documentPlace(field)
    if (field === 'maintenance.allow' || field === 'maintenance.until') return
    expect(saidAt(typed(kind, field, '999d'), field)).toBe(asSentence(problemAt(place, '999d') ?? ''))
  },
)

test('weights and ports are those of the schema, with its numbers in the words', () => {
  const weights = rangeOf('services.backends.weight')
  const weighing = (weight: string): string | null =>
    saidAt({ ...web, backends: web.backends.map((backend) => ({ ...backend, weight })) }, 'backends.new-1.weight')
  expect([weighing(String(weights.min)), weighing(String(weights.max))]).toEqual([null, null])
  expect(weighing(String(weights.max + 1))).toBe(`Write a whole number from ${weights.min} to ${weights.max}.`)
  const ports = rangeOf('listeners.port')
  for (const port of [ports.min - 1, ports.max + 1])
    expect(saidAt({ ...web, port: String(port) }, 'port')).toBe(`Write a port from ${ports.min} to ${ports.max}, or leave it empty.`)
  expect(saidAt({ ...web, port: String(ports.max) }, 'port')).toBe(null)
})

test.each(Object.entries(KINDS))('the rate limit of a %s service takes the numbers that the schema takes', (_, draft) => {
  const { min, max } = rangeOf('services.rateLimit.requests')
  for (const number of [min, max]) expect(saidAt({ ...draft, rate: String(number) }, 'rate')).toBe(null)
  for (const rate of [String(min - 1), String(max + 1), '1e3'])
    expect(saidAt({ ...draft, rate }, 'rate')).toBe(`Write a whole number from ${min} to ${max}.`)
})

describe('every word of the schema can be chosen, and no other', () => {
  test.each([
    ['how work is shared', words(POLICIES), 'services.balance.policy'],
    ['a backend’s role', words(ROLES), 'services.backends.role'],
    ['the Host that is sent', words(SENT_HOSTS), 'services.headers.host'],
    ['the maintenance page', words(MAINTENANCE_MODES), 'services.maintenance.mode'],
    ['a check; by itself, where the key is left out', words(HEALTH_TYPES, ['auto']), 'services.health.type'],
    ['a greeting; none, where the key is left out', words(MACHINE_CHECKS, ['none', 'off']), 'services.health.expect'],
  ])('%s', (_, chosen, place) => {
    expect(chosen).toEqual([...optionsOf(place)].toSorted())
  })

  test('what refused visitors get', () => {
    for (const { id } of ON_DENY) expect(problemAt('services.access.onDeny', id)).toBe(null)
    expect(words(ON_DENY)).toEqual(['403', '404', 'close'])
  })
})

test.each(Object.entries(KINDS))('a %s service is saved with keys that mean something for its type only', (_, draft) => {
  const parsed = parseConfig(buildCandidate(document, draft, null).document)
  expect(parsed.ok ? [] : parsed.issues).toEqual([])
})

test('no text of the interface has a range, a longest text or the last word of rules written into it', () => {
  const root = path.resolve(import.meta.dirname, '../../renderer')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  expect(files.length).toBeGreaterThan(100)
  const found = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(WRITTEN_OUT)].map(([text]) => `${file}: ${text}`),
  )
  expect(found).toEqual([])
})

/** `from 1 to 100`; a field's longest text; who is let in where no rule says it; a set of error codes. */
const WRITTEN_OUT = /from \d[\d_]* to \d|maxLength=\{\d|\? 'deny' : 'allow'\)|new Set\(\['AR_/g

function words(choices: readonly { readonly id: string }[], but: readonly string[] = []): string[] {
  return choices.flatMap(({ id }) => (but.includes(id) ? [] : [id])).toSorted()
}

function hasRange(place: string): boolean {
  try {
    return rangeOf(place).max > 0
  } catch {
    return false
  }
}
