import { type FormEvent, useId, useState } from 'react'
import { maxLengthOf } from '../../../proxy/contract/config/facts'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { TextField } from '../../ui/text-field'

interface ListNameDialogProps {
  /** The present name; null: a new list. */
  readonly name: string | null
  readonly taken: readonly string[]
  readonly onSave: (name: string) => void
  readonly onClose: () => void
}

/** What a list is called. */
export function ListNameDialog({ name, taken, onSave, onClose }: ListNameDialogProps) {
  const form = useId()
  const [text, setText] = useState(name ?? '')
  const [tried, setTried] = useState(false)
  const wanted = text.trim()
  const problem =
    wanted === ''
      ? 'Give it a name.'
      : taken.some((other) => other.toLowerCase() === wanted.toLowerCase())
        ? 'Another list has this name.'
        : null

  function save(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (problem === null) onSave(wanted)
  }

  return (
    <Dialog
      title={name === null ? 'New list' : `Rename ${name}`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form}>
            {name === null ? 'Create list' : 'Rename'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={save} noValidate>
        <TextField
          label="Name"
          value={text}
          maxLength={maxLengthOf('accessLists.name')}
          placeholder="Contractors"
          error={tried ? problem : null}
          onChange={setText}
        />
      </form>
    </Dialog>
  )
}
