import { useAccessActions } from '../state/access-actions'
import { useConfig } from '../state/hooks'
import { Banner } from '../ui/banner'
import { Button } from '../ui/button'

/** While everything is closed: says so on every screen, with one press to open again. */
export function ClosedBanner() {
  const closed = useConfig()?.config.settings.closed ?? false
  const { setClosed } = useAccessActions()
  if (!closed) return null
  return (
    <Banner
      tone="down"
      size="thin"
      title="Everything is closed: nobody can reach any service."
      actions={
        <Button size="small" onPress={() => setClosed(false)}>
          Open again
        </Button>
      }
    />
  )
}
