import { useEffect, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { PortVerdict } from '../../../proxy/contract/calls/doctor'
import { asSentence } from '../../lib/format'
import { useClient, useInfo } from '../../state/hooks'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Select, type SelectOption } from '../../ui/select'
import { TextField } from '../../ui/text-field'
import { checkListener, type ListenerDraft } from './model/listener-edits'

interface ListenerDialogProps {
  readonly document: ConfigDocument
  readonly draft: ListenerDraft
  readonly onChange: (draft: ListenerDraft) => void
  readonly onClose: () => void
  readonly onSave: (draft: ListenerDraft) => void
}

/** Adds or changes a port; says who has it where it is taken, and offers the next free one. */
export function ListenerDialog({ document, draft, onChange, onClose, onSave }: ListenerDialogProps) {
  const addresses = useInfo()?.addresses ?? []
  const [tried, setTried] = useState(false)
  const before = document.listeners?.find(({ id }) => id === draft.id)
  const same = before !== undefined && String(before.port) === draft.port.trim()
  const wrong = checkListener(document, draft)
  const verdict = usePortVerdict(draft, before?.protocol === 'udp' ? 'udp' : 'tcp', same || wrong !== null)
  const taken = verdict && !verdict.free && !verdict.own ? asSentence(verdict.reason ?? 'this port is taken by another program') : null
  const known = new Set(['0.0.0.0', '::', '127.0.0.1', ...addresses, draft.address])
  const options = [...known].map((address): SelectOption<string> => ({ id: address, ...(ADDRESSES[address] ?? { text: address }) }))

  function save(): void {
    setTried(true)
    if (wrong === null && taken === null) onSave({ ...draft, port: draft.port.trim() })
  }

  return (
    <Dialog
      title={before ? `Change port ${before.port}` : 'Add a port'}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" onPress={save}>
            {before ? 'Save' : 'Open port'}
          </Button>
        </>
      }
    >
      <div className="settings-fields">
        <TextField
          label="Port"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- focus enters the dialog at its one question
          autoFocus
          value={draft.port}
          inputMode="numeric"
          placeholder="8080"
          error={taken ?? (tried || draft.port.trim() !== '' ? wrong : null)}
          finding={verdict?.free ? { tone: 'ok', text: 'Free' } : null}
          onChange={(port) => onChange({ ...draft, port })}
        />
        {taken !== null && verdict !== null && verdict.suggestion !== null && (
          <Button size="small" onPress={() => onChange({ ...draft, port: String(verdict.suggestion) })}>
            Use {verdict.suggestion}
          </Button>
        )}
        <Select label="Listen on" options={options} value={draft.address} onChange={(address) => onChange({ ...draft, address })} />
      </div>
    </Dialog>
  )
}

const ADDRESSES: Readonly<Record<string, Pick<SelectOption<string>, 'text' | 'hint'>>> = {
  '0.0.0.0': { text: 'Every IPv4 address', hint: '0.0.0.0' },
  '::': { text: 'Every address, IPv4 and IPv6', hint: '::' },
  '127.0.0.1': { text: 'This computer only', hint: '127.0.0.1' },
}

const PAUSE = 400

function usePortVerdict({ address, port }: ListenerDraft, transport: 'tcp' | 'udp', skip: boolean): PortVerdict | null {
  const client = useClient()
  const question = skip ? null : `${transport} ${address} ${port.trim()}`
  const [known, setKnown] = useState<{ readonly question: string; readonly verdict: PortVerdict } | null>(null)
  useEffect(() => {
    if (question === null) return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      client.call('port.test', { address, port: Number(port.trim()), transport }).then(
        (verdict) => void (stale || setKnown({ question, verdict })),
        // Without an answer there is nothing to say; saving finds out.
        () => undefined,
      )
    }, PAUSE)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, question, address, port, transport])
  return question !== null && known?.question === question ? known.verdict : null
}
