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

const FIELDS = [
  { key: 'headerBytes', place: 'settings.limits.headerBytes', label: 'Largest request head', hint: 'Above it: 431' },
  {
    key: 'answerHeaderBytes',
    place: 'settings.limits.answerHeaderBytes',
    label: 'Largest head of an answer',
    hint: 'Above it: 502',
  },
  {
    key: 'connections',
    place: 'settings.limits.connections',
    label: 'Open connections, each port',
    hint: 'More are closed at once',
  },
  {
    key: 'connectionsPerClient',
    place: 'settings.limits.connectionsPerClient',
    label: 'Open connections, each visitor',
    hint: 'By address',
  },
  {
    key: 'keepAlive',
    place: 'settings.timeouts.keepAlive',
    label: 'Silent connections stay open for',
    hint: 'Longer than a proxy in front keeps its own',
  },
] as const
type Draft = Readonly<Record<(typeof FIELDS)[number]['key'], string>>

/** Limits that keep one visitor from taking everything. */
export function Limits({ saved: { document } }: { readonly saved: SavedConfig }) {
  const save = useSave()
  const { limits, timeouts } = document.settings ?? {}
  const [initial] = useState<Draft>({
    headerBytes: limits?.headerBytes ?? '',
    answerHeaderBytes: limits?.answerHeaderBytes ?? '',
    connections: asText(limits?.connections),
    connectionsPerClient: asText(limits?.connectionsPerClient),
    keepAlive: timeouts?.keepAlive ?? '',
  })
  const [draft, setDraft] = useState(initial)
  const wrong = problems(document, draft)
  const dirty = FIELDS.some(({ key }) => draft[key] !== initial[key])

  function keep(event: FormEvent): void {
    event.preventDefault()
    if (wrong.size === 0) void save('Changed the limits', (latest) => withLimits(latest, draft))
  }

  return (
    <SettingsSection title="Limits" text="Empty fields take the default.">
      <form onSubmit={keep} noValidate>
        <div className="settings-grid">
          {FIELDS.map(({ key, place, label, hint }) => (
            <TextField
              key={key}
              label={label}
              value={draft[key]}
              placeholder={defaultText(place) ?? ''}
              hint={hint}
              error={wrong.get(key)}
              onChange={(text) => setDraft({ ...draft, [key]: text })}
            />
          ))}
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

function asText(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

function withLimits(document: ConfigDocument, draft: Draft): ConfigDocument {
  const limits = {
    ...(draft.headerBytes.trim() === '' ? {} : { headerBytes: draft.headerBytes.trim() }),
    ...(draft.answerHeaderBytes.trim() === '' ? {} : { answerHeaderBytes: draft.answerHeaderBytes.trim() }),
    ...(draft.connections.trim() === '' ? {} : { connections: Number(draft.connections) }),
    ...(draft.connectionsPerClient.trim() === '' ? {} : { connectionsPerClient: Number(draft.connectionsPerClient) }),
  }
  const timeouts = draft.keepAlive.trim() === '' ? {} : { keepAlive: draft.keepAlive.trim() }
  return { ...document, settings: { ...document.settings, limits, timeouts } }
}

function problems(document: ConfigDocument, draft: Draft): ReadonlyMap<string, string> {
  const wrong = new Map<string, string>()
  for (const key of ['connections', 'connectionsPerClient'] as const) {
    const problem = draft[key].trim() === '' ? null : wholeNumberProblem(draft[key], `settings.limits.${key}`)
    if (problem !== null) wrong.set(key, problem)
  }
  const parsed = parseConfig(withLimits(document, draft))
  for (const { path, message } of parsed.ok ? [] : parsed.issues) {
    const key = FIELDS.find(({ place }) => place === path)?.key
    if (key !== undefined && !wrong.has(key)) wrong.set(key, asSentence(message))
  }
  return wrong
}
