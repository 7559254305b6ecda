import { type FormEvent, useId, useState } from 'react'
import { wallTime } from '../../../proxy/contract/clock'
import { maxLengthOf } from '../../../proxy/contract/config/facts'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { isAddressPreset } from '../../../proxy/contract/config/access'
import { meantBlock } from '../../../proxy/contract/host-bits'
import { addressProblem, endOfSpan, remarks, type RuleDocument, SPANS, type SpanId } from '../../lib/rules'
import { Button } from '../button'
import { Dialog } from '../dialog'
import { Segmented } from '../segmented'
import { Select, type SelectOption } from '../select'
import { TextField } from '../text-field'

interface RuleDialogProps {
  /** The rule to change; null: a new one. */
  readonly rule: RuleDocument | null
  /** Lists that a rule of a service may stand for; none within a list. */
  readonly lists: NonNullable<ConfigDocument['accessLists']>
  readonly onSave: (rule: RuleDocument) => void
  readonly onClose: () => void
}

type Who = 'address' | 'loopback' | 'this-network' | 'lan' | 'vpn' | 'anyone' | `list ${string}`

const WHO: readonly SelectOption<Who>[] = [
  { id: 'address', text: 'Particular addresses', hint: '192.168.1.20, 192.168.1.0/24, 10.0.0.5-10.0.0.20' },
  { id: 'this-network', text: 'This office network', hint: 'The networks of this computer' },
  { id: 'lan', text: 'Any private network', hint: 'RFC 1918, ULA, link-local' },
  { id: 'vpn', text: 'VPN', hint: '100.64.0.0/10 and the interfaces marked as VPN' },
  { id: 'loopback', text: 'This computer', hint: 'Loopback addresses' },
  { id: 'anyone', text: 'Anyone', hint: 'IPv4 and IPv6' },
]

/** A rule: what happens, to whom, for how long. */
export function RuleDialog({ rule, lists, onSave, onClose }: RuleDialogProps) {
  const form = useId()
  const [action, setAction] = useState<'allow' | 'deny'>(rule?.action ?? 'allow')
  const [who, setWho] = useState<Who>(whoOf(rule))
  const [address, setAddress] = useState(whoOf(rule) === 'address' ? (rule?.from ?? '') : '')
  const [note, setNote] = useState(rule?.note ?? rule?.name ?? '')
  const [end, setEnd] = useState<SpanId | 'kept'>(rule?.until === undefined ? 'never' : 'kept')
  const [tried, setTried] = useState(false)
  const problem = who === 'address' ? addressProblem(address) : null
  const meant = who === 'address' ? meantBlock(address.trim()) : null
  const options = [
    ...WHO,
    ...lists.map(({ id, name, rules }): SelectOption<Who> => ({
      id: `list ${id}`,
      text: name ?? id,
      hint: `List of ${rules?.length ?? 0}; its own rules say who is let in`,
    })),
  ]
  const ofList = who.startsWith('list ')

  function save(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (problem !== null) return
    const until = end === 'kept' ? rule?.until : endOfSpan(end, wallTime())
    onSave({
      ...(ofList ? { list: who.slice(5) } : { action, from: who === 'address' ? address.trim() : who }),
      ...remarks({ note: note.trim(), until }),
    })
  }

  return (
    <Dialog
      title={rule === null ? 'Add a rule' : 'Change the rule'}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form}>
            {rule === null ? 'Add rule' : 'Save rule'}
          </Button>
        </>
      }
    >
      <form id={form} className="rule-form" onSubmit={save} noValidate>
        <Select label="If the visitor comes from" options={options} value={who} onChange={setWho} />
        {who === 'address' && (
          <TextField
            label="Address, block or range"
            mono
            value={address}
            placeholder="192.168.1.0/24"
            error={tried || address.includes('/') ? problem : null}
            finding={
              meant === null
                ? null
                : {
                    tone: 'warn',
                    text: (
                      <>
                        This means {meant}.{' '}
                        <button type="button" className="link" onClick={() => setAddress(meant)}>
                          Write it so
                        </button>
                      </>
                    ),
                  }
            }
            onChange={setAddress}
          />
        )}
        {!ofList && (
          <div className="field">
            <span className="field-label" aria-hidden="true">
              Then
            </span>
            <Segmented
              label="Then"
              options={[
                { id: 'allow', text: 'Allow' },
                { id: 'deny', text: 'Refuse' },
              ]}
              value={action}
              onChange={setAction}
            />
          </div>
        )}
        <TextField
          label="Note"
          optional
          value={note}
          maxLength={maxLengthOf('services.access.rules.note')}
          placeholder="Meyer, branch office"
          onChange={setNote}
        />
        <Select
          label="Ends"
          options={[
            ...(rule?.until === undefined ? [] : [{ id: 'kept' as const, text: 'As it is set now' }]),
            ...SPANS.map(({ id, text }) => ({ id, text: id === 'never' ? 'Never' : `In ${text}` })),
          ]}
          value={end}
          onChange={setEnd}
        />
      </form>
    </Dialog>
  )
}

function whoOf(rule: RuleDocument | null): Who {
  if (rule?.list !== undefined) return `list ${rule.list}`
  return rule?.from !== undefined && isAddressPreset(rule.from) ? rule.from : 'address'
}
