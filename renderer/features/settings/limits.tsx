import { type FormEvent, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { defaultText } from '../../../proxy/contract/config/facts'
import { parseConfig } from '../../../proxy/contract/parse'
import { asSentence } from '../../lib/format'
import { wholeNumberProblem } from '../../lib/number-problems'
import type { SavedConfig } from '../../state/config'
import { useSave } from '../../state/save'
import { Button } from '../../ui/button'
import { TextField } from '../../ui/text-field'
import { SettingsSection } from './settings-section'

type Group = 'limits' | 'timeouts'

interface Field {
  readonly group: Group
  readonly key: string
  readonly label: string
  readonly hint: string
  /** What is typed is stored as a number. */
  readonly isNumber?: boolean
  /** Where the default is no value that could be shown. */
  readonly placeholder?: string
}

const FIELDS: readonly Field[] = [
  { group: 'limits', key: 'headerBytes', label: 'Largest request head', hint: 'Above it: 431' },
  { group: 'limits', key: 'answerHeaderBytes', label: 'Largest head of an answer', hint: 'Above it: 502' },
  { group: 'limits', key: 'buffers', label: 'Memory for slow visitors', hint: 'Of all together; then senders wait' },
  { group: 'limits', key: 'connections', label: 'Open connections, each port', hint: 'More are closed at once', isNumber: true },
  {
    group: 'limits',
    key: 'connectionsPerClient',
    label: 'Open connections, each visitor',
    hint: 'By address; IPv6 by network',
    isNumber: true,
  },
  {
    group: 'limits',
    key: 'handshakes',
    label: 'Silent newcomers, in all',
    hint: 'They have not said yet what they want',
    isNumber: true,
    placeholder: 'as one port’s',
  },
  {
    group: 'limits',
    key: 'handshakesPerClient',
    label: 'Silent newcomers, each visitor',
    hint: 'A new one ends the longest silent',
    isNumber: true,
    placeholder: 'as its open ones',
  },
  { group: 'timeouts', key: 'keepAlive', label: 'Silent connections stay open for', hint: 'Longer than a proxy in front keeps its own' },
  {
    group: 'timeouts',
    key: 'withoutHost',
    label: 'Serve on if this program dies, for',
    hint: 'Its next start takes over',
    placeholder: 'until stopped',
  },
]

/** What is typed, by place. */
type Draft = Readonly<Record<string, string>>

function placeOf({ group, key }: Field): string {
  return `settings.${group}.${key}`
}

/** Limits that keep one visitor from taking everything. */
export function Limits({ saved: { document } }: { readonly saved: SavedConfig }) {
  const save = useSave()
  const [initial] = useState(() => draftOf(document))
  const [draft, setDraft] = useState(initial)
  const wrong = problems(document, draft)
  const dirty = FIELDS.some((field) => draft[placeOf(field)] !== initial[placeOf(field)])

  function keep(event: FormEvent): void {
    event.preventDefault()
    if (wrong.size === 0) void save('Changed the limits', (latest) => withLimits(latest, draft))
  }

  return (
    <SettingsSection title="Limits" text="Empty fields take the default.">
      <form onSubmit={keep} noValidate>
        <div className="settings-grid">
          {FIELDS.map((field) => {
            const place = placeOf(field)
            return (
              <TextField
                key={place}
                label={field.label}
                value={draft[place] ?? ''}
                placeholder={field.placeholder ?? defaultText(place) ?? ''}
                hint={field.hint}
                error={wrong.get(place)}
                onChange={(text) => setDraft({ ...draft, [place]: text })}
              />
            )
          })}
        </div>
        {dirty && (
          <div className="settings-buttons">
            <Button kind="primary" type="submit">
              Save limits
            </Button>
            <Button kind="quiet" onPress={() => setDraft(initial)}>
              Discard
            </Button>
          </div>
        )}
      </form>
    </SettingsSection>
  )
}

function settingsGroup(document: ConfigDocument, group: Group): Readonly<Record<string, unknown>> {
  return document.settings?.[group] ?? {}
}

function draftOf(document: ConfigDocument): Draft {
  return Object.fromEntries(
    FIELDS.map((field) => {
      const value = settingsGroup(document, field.group)[field.key]
      return [placeOf(field), typeof value === 'string' || typeof value === 'number' ? String(value) : '']
    }),
  )
}

/** The document with what is typed; what the form has no field for stays. */
function withLimits(document: ConfigDocument, draft: Draft): ConfigDocument {
  const group = (name: Group): Readonly<Record<string, unknown>> => {
    const fields = FIELDS.filter((field) => field.group === name)
    const others = Object.entries(settingsGroup(document, name)).filter(([key]) => !fields.some((field) => field.key === key))
    const typed = fields.flatMap((field) => {
      const text = draft[placeOf(field)]?.trim() ?? ''
      return text === '' ? [] : [[field.key, field.isNumber ? Number(text) : text]]
    })
    return Object.fromEntries([...others, ...typed])
  }
  return { ...document, settings: { ...document.settings, limits: group('limits'), timeouts: group('timeouts') } }
}

function problems(document: ConfigDocument, draft: Draft): ReadonlyMap<string, string> {
  const wrong = new Map<string, string>()
  for (const field of FIELDS) {
    const text = draft[placeOf(field)]?.trim() ?? ''
    const problem = field.isNumber && text !== '' ? wholeNumberProblem(text, placeOf(field)) : null
    if (problem !== null) wrong.set(placeOf(field), problem)
  }
  const parsed = parseConfig(withLimits(document, draft))
  for (const { path, message } of parsed.ok ? [] : parsed.issues)
    if (FIELDS.some((field) => placeOf(field) === path) && !wrong.has(path)) wrong.set(path, asSentence(message))
  return wrong
}
