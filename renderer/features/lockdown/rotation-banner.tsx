import { useState } from 'react'
import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { Banner } from '../../ui/banner'
import { Button } from '../../ui/button'
import { ConfirmDialog } from '../../ui/dialog'
import { namesOf } from './lock-words'
import type { GuideActions } from './use-guide'

/** A new secret waits to take the old one's place; where a backend does not take it yet, why. */
export function RotationBanner({ service, actions }: { readonly service: ServiceLockdown; readonly actions: GuideActions }) {
  const [asking, setAsking] = useState(false)
  const { busy, notYet, finish, keep } = actions
  // It says itself that it works: it is gone with the banner at the end, and what announces `isPending` would look for it.
  const use = (
    <Button size="small" onPress={() => void finish(false)}>
      {busy === 'finish' ? 'Asking the backends…' : 'Use the new secret'}
    </Button>
  )
  const old = (
    <Button size="small" onPress={() => void keep()}>
      Keep the old one
    </Button>
  )
  return (
    <>
      {notYet === null ? (
        <Banner
          tone="info"
          title="A new secret waits"
          actions={
            <>
              {use}
              {old}
            </>
          }
        >
          The gateway sends the old one. Let {namesOf(service.backends)} accept both, then use the new one.
        </Banner>
      ) : (
        <Banner
          tone="warn"
          title="The new secret is not used yet"
          actions={
            <>
              {use}
              <Button size="small" onPress={() => setAsking(true)}>
                Use it anyway…
              </Button>
              {old}
            </>
          }
        >
          {notYet}
        </Banner>
      )}
      <ConfirmDialog
        title="Use the new secret anyway?"
        confirm="Use it anyway"
        cancel="Wait"
        harmful
        isOpen={asking}
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          void finish(true)
        }}
      >
        A backend that does not accept it refuses every visitor until it does.
      </ConfirmDialog>
    </>
  )
}
