import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'
import { Select } from '../../ui/select'
import { TextField } from '../../ui/text-field'
import { AdvancedGroup, AdvancedPanel } from './advanced-panel'
import { MuteSwitch } from './advanced-row'
import { AdvancedText, type FieldText } from './advanced-text'
import { protocolOf } from './model/draft'
import type { Greeting } from './model/presets'
import type { ServiceForm } from './use-service-form'

const CHECKS: readonly FieldText[] = [
  ['health.interval', 'Every', '5s'],
  ['health.timeout', 'Answer within', '2s'],
  ['health.fall', 'Down after failed checks', '3'],
  ['health.rise', 'Back after good checks', '2'],
]

const TIMES: readonly FieldText[] = [
  ['timeouts.connect', 'To connect', '3s'],
  ['timeouts.tunnel', 'Silent connection', '1h', 'Closed after so long without a byte'],
]

const SESSIONS: readonly FieldText[] = [['timeouts.idle', 'Silent client', '60s', 'Forgotten after so long without a datagram']]

const SHARING: readonly FieldText[] = [
  ['maxConnections', 'Connections at once to each backend', 'No limit'],
  ['retry.attempts', 'Other backends to try', '2'],
  ['timeouts.drain', 'To drain, at most', '5m'],
]

type Check = Greeting | 'off'

const HEALTH: readonly { readonly id: Check; readonly text: string; readonly hint: string }[] = [
  { id: 'none', text: 'Open a connection', hint: 'TCP check: the port accepts' },
  { id: 'ssh', text: 'Wait for the SSH greeting', hint: 'A port that only accepts is not enough' },
  { id: 'rdp', text: 'Wait for the Remote Desktop greeting', hint: 'A port that only accepts is not enough' },
  { id: 'tls', text: 'Begin TLS', hint: 'A port that only accepts is not enough' },
  { id: 'mysql', text: 'Wait for the MySQL greeting', hint: 'A port that only accepts is not enough' },
  { id: 'off', text: 'Not at all', hint: 'A failure is noticed only by who connects' },
]

/** What most machines never need: how they are checked, names to share a port by, limits. */
export function MachineAdvanced({ form }: { readonly form: ServiceForm }) {
  const { draft, set } = form
  const tcp = protocolOf(draft) === 'tcp'
  const used =
    Object.values(draft.advanced).some((text) => text !== '') ||
    draft.healthType === 'off' ||
    draft.mute ||
    (tcp && draft.hosts.some((host) => host !== ''))
  const fields = tcp ? [...CHECKS, ...TIMES, ...SHARING] : [...SESSIONS, ...SHARING]
  const wrong = fields.some(([field]) => form.error(field) !== null) || draft.hosts.some((_, at) => form.error(`hosts.${at}`) !== null)

  return (
    <AdvancedPanel title={tcp ? 'Health checks, TLS names, limits' : 'Limits, alerts'} used={used} wrong={wrong}>
      {tcp && (
        <AdvancedGroup title="Health check">
          <Select
            label="Check each backend"
            options={HEALTH}
            value={draft.healthType === 'off' ? 'off' : draft.greeting}
            onChange={(check) =>
              set(
                check === 'off'
                  ? { healthType: 'off' }
                  : { healthType: draft.healthType === 'off' ? 'auto' : draft.healthType, greeting: check },
              )
            }
          />
          {draft.healthType !== 'off' && CHECKS.map((text) => <AdvancedText key={text[0]} form={form} text={text} />)}
        </AdvancedGroup>
      )}
      {tcp && <TlsNames form={form} />}
      <AdvancedGroup title="Wait at most">
        {(tcp ? TIMES : SESSIONS).map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
      </AdvancedGroup>
      <AdvancedGroup title="Sharing and failing over">
        {SHARING.map((text) => (
          <AdvancedText key={text[0]} form={form} text={text} />
        ))}
        {!tcp && <p className="field-hint advanced-switch">Nothing can be checked over UDP: a failure is noticed only by who connects.</p>}
        <MuteSwitch form={form} />
      </AdvancedGroup>
    </AdvancedPanel>
  )
}

/** Names by which several machines share one port; only what speaks TLS tells its name (SNI). */
function TlsNames({ form }: { readonly form: ServiceForm }) {
  const { draft, set, left } = form
  return (
    <AdvancedGroup title="Sharing the port by TLS name">
      {draft.hosts.map((host, at) => (
        <div key={`tls-${at + 1}`} className="host-field" data-field={`hosts.${at}`}>
          <TextField
            label={at === 0 ? 'TLS name' : `TLS name ${at + 1}`}
            value={host}
            placeholder="Any connection"
            error={form.error(`hosts.${at}`)}
            hint={at === 0 ? 'The name that clients ask for (SNI); others may have the same port.' : undefined}
            onChange={(text) => set({ hosts: draft.hosts.with(at, text) })}
            onBlur={() => left(`hosts.${at}`)}
          />
          {at > 0 && (
            <IconButton
              icon={Trash2}
              label={`Remove ${host || 'this name'}`}
              onPress={() => set({ hosts: draft.hosts.toSpliced(at, 1) })}
            />
          )}
        </div>
      ))}
      {draft.hosts.some((host) => host.trim() !== '') && (
        <div className="advanced-switch">
          <Button kind="quiet" size="small" icon={Plus} onPress={() => set({ hosts: [...draft.hosts, ''] })}>
            Add another name
          </Button>
        </div>
      )}
    </AdvancedGroup>
  )
}
