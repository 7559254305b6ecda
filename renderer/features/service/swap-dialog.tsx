import { type FormEvent, useId, useState } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import { useBackendActions } from '../../state/backend-actions'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { TextField } from '../../ui/text-field'

/** Puts another server in a backend's place. The new one is tested before anything changes. */
export function SwapDialog({
  service,
  backend,
  onClose,
}: {
  readonly service: Service
  readonly backend: string
  readonly onClose: () => void
}) {
  const form = useId()
  const { swap } = useBackendActions()
  const old = service.backends.find(({ id }) => id === backend)
  const [url, setUrl] = useState(old?.url ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [testing, setTesting] = useState(false)

  async function start(event: FormEvent): Promise<void> {
    event.preventDefault()
    setTesting(true)
    setProblem(null)
    const refused = await swap(service.id, backend, url.trim())
    setTesting(false)
    if (refused === null) onClose()
    else setProblem(`${refused.charAt(0).toUpperCase()}${refused.slice(1)}`)
  }

  return (
    <Dialog
      title={`Swap ${backend} for another server`}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} isPending={testing}>
            Test and swap
          </Button>
        </>
      }
    >
      <form id={form} className="swap-form" onSubmit={(event) => void start(event)} noValidate>
        <TextField
          label="Address of the new server"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- focus enters the dialog at its one question
          autoFocus
          mono
          value={url}
          placeholder="http://192.168.1.34:8080"
          error={problem}
          onChange={setUrl}
        />
        <ol className="small second swap-steps">
          <li>The new server is tested. If it does not answer, nothing changes.</li>
          <li>New requests go to it; {backend} finishes what it has.</li>
          <li>{backend} stays for Undo. If the new server fails its checks in the first 30 seconds, the swap is taken back by itself.</li>
        </ol>
      </form>
    </Dialog>
  )
}
