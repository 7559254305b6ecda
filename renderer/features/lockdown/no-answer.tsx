import { Banner } from '../../ui/banner'
import { Button } from '../../ui/button'

/** The state of the lock-down could not be asked for; what was known before stays below. */
export function NoAnswer({ why, again }: { readonly why: string; readonly again: () => Promise<void> }) {
  return (
    <div className="lockdown-banner">
      <Banner
        tone="down"
        title="The state of the backends is not known"
        actions={
          <Button size="small" onPress={() => void again()}>
            Try again
          </Button>
        }
      >
        {why}
      </Banner>
    </div>
  )
}
