import { type FormEvent, useId, useState } from 'react'
import { maxLengthOf } from '../../../proxy/contract/config/facts'
import { addressProblem, SPANS, type SpanId } from '../../lib/rules'
import { useAccessActions } from '../../state/access-actions'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Select } from '../../ui/select'
import { TextField } from '../../ui/text-field'

/** This computer’s own addresses: blocking them would lock out who presses the button. */
const OWN = /^(?:127\.|::1$|loopback$)/

/** Blocks an address everywhere. */
export function BlockDialog({ onClose }: { readonly onClose: () => void }) {
  const form = useId()
  const { block } = useAccessActions()
  const [address, setAddress] = useState('')
  const [reason, setReason] = useState('')
  const [span, setSpan] = useState<SpanId>('never')
  const [tried, setTried] = useState(false)
  const problem = OWN.test(address.trim())
    ? 'This address is the one you are using. Blocking it would lock you out.'
    : addressProblem(address)

  function save(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (problem !== null) return
    block(address.trim(), span, reason.trim())
    onClose()
  }

  return (
    <Dialog
      title="Block an address"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="danger-solid" type="submit" form={form}>
            Block
          </Button>
        </>
      }
    >
      <form id={form} className="rule-form" onSubmit={save} noValidate>
        <TextField
          label="Address, block or range"
          mono
          value={address}
          placeholder="198.51.100.7"
          error={tried ? problem : null}
          onChange={setAddress}
        />
        <TextField
          label="Reason"
          optional
          value={reason}
          maxLength={maxLengthOf('blocked.reason')}
          placeholder="Scanner"
          onChange={setReason}
        />
        <Select label="For how long" options={SPANS.map(({ id, text }) => ({ id, text }))} value={span} onChange={setSpan} />
      </form>
    </Dialog>
  )
}
