import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { ConfirmDialog } from '../../ui/dialog'

interface RemoveDialogProps {
  readonly service: ServiceLockdown
  readonly isOpen: boolean
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks before the lock-down is removed: what stands on the backends stays there. */
export function RemoveDialog({ service: { name, methods }, isOpen, onConfirm, onCancel }: RemoveDialogProps) {
  return (
    <ConfirmDialog
      title={`Remove the lock-down of ${name}?`}
      confirm="Remove"
      harmful
      isOpen={isOpen}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      {removalWords(methods)}
    </ConfirmDialog>
  )
}

export function removalWords(methods: ServiceLockdown['methods']): string {
  return [
    ...(methods.includes('secret')
      ? ['Backends that still ask for the secret will refuse the gateway until their text is removed, too.']
      : []),
    ...(methods.includes('proxy') ? ['Backends that still expect the PROXY header will fail until their text is removed, too.'] : []),
    ...(methods.includes('network') ? ['Firewall rules on the backends stay until they are removed there.'] : []),
  ].join(' ')
}
