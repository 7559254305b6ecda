import { useState } from 'react'
import type { LockdownChoice, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { Button } from '../../ui/button'
import type { Step } from './guide-steps'
import { useKnownSecrets } from './known-secrets'
import { RemoveDialog } from './remove-dialog'

interface GuideBarProps {
  readonly service: ServiceLockdown
  readonly step: Step
  readonly method: LockdownChoice
  readonly onBack: () => void
  /** Shows the text, without switching anything on. */
  readonly onText: () => void
  readonly onSwitchOn: (next: 2 | 3) => void
  readonly onVerify: () => void
  readonly onDone: () => void
  readonly onRotate: () => void
  readonly onRemove: () => void
}

/** The guide's footer: the ways out on the left, the way on at the right. */
export function GuideBar({ service, onBack, onRotate, onRemove, ...rest }: GuideBarProps) {
  const [removing, setRemoving] = useState(false)
  const { next } = useKnownSecrets(service.id)
  const { methods, rotating } = service
  return (
    <footer className="guide-bar">
      {methods.length > 0 && (
        <Button kind="danger" onPress={() => setRemoving(true)}>
          Remove lock-down
        </Button>
      )}
      {/* While a new one waits that can be read here, another would only get in its way. */}
      {methods.includes('secret') && !(rotating && next !== null) && (
        <Button kind="quiet" onPress={onRotate}>
          Make a new secret
        </Button>
      )}
      <span className="push" />
      <Button onPress={onBack}>Back</Button>
      <Forward service={service} {...rest} />
      <RemoveDialog
        service={service}
        isOpen={removing}
        onCancel={() => setRemoving(false)}
        onConfirm={() => {
          setRemoving(false)
          onRemove()
        }}
      />
    </footer>
  )
}

const SET: Readonly<Record<LockdownChoice, string>> = { secret: 'Make the secret', proxy: 'Show the text', network: 'Use network rules' }

/** The one primary button: on to the next step. */
function Forward({ service, step, method, onText, onSwitchOn, onVerify, onDone }: Omit<GuideBarProps, 'onBack' | 'onRotate' | 'onRemove'>) {
  const isSet = service.methods.includes(method)
  if (step === 3)
    return (
      <Button kind="primary" onPress={onDone}>
        Done
      </Button>
    )
  if (step === 2)
    return isSet ? (
      <Button kind="primary" onPress={onVerify}>
        Verify
      </Button>
    ) : (
      <Button kind="primary" onPress={() => onSwitchOn(3)}>
        Switch on PROXY protocol
      </Button>
    )
  if (isSet)
    return (
      <Button kind="primary" onPress={onText}>
        Continue
      </Button>
    )
  return (
    <Button kind="primary" onPress={() => (method === 'proxy' ? onText() : onSwitchOn(2))}>
      {SET[method]}
    </Button>
  )
}
