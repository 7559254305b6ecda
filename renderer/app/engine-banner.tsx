import { Play, RotateCw } from 'lucide-react'
import { asSentence, formatNumberOf } from '../lib/format'
import { useLater } from '../lib/use-later'
import { useNow } from '../state/clock'
import { useEngineActions } from '../state/engine-actions'
import { useConfig, useEngine } from '../state/hooks'
import { Banner } from '../ui/banner'
import { Button } from '../ui/button'

/** The host restarts an engine that ended this many times by itself, then waits for the person (DESIGN §3). */
const TRIES = 5

/** The engine's state where services cannot be reached because of it. */
export function EngineBanner() {
  const engine = useEngine()
  const act = useEngineActions()
  const enabled = useConfig()?.config.services.filter((service) => service.enabled).length ?? 0
  const slow = useLater(engine?.state === 'restarting' || engine?.state === 'starting', 2_000)
  const away = `${formatNumberOf(enabled, 'service')} cannot be reached.`
  if (engine?.state === 'stopped') {
    return (
      <Banner
        tone="off"
        title="The gateway is stopped"
        actions={
          <Button kind="primary" icon={Play} onPress={() => act('start')}>
            Start gateway
          </Button>
        }
      >
        {away} Everything can still be edited.
      </Banner>
    )
  }
  if (engine?.state === 'failed') {
    return (
      <Banner
        tone="down"
        title="The gateway cannot start"
        actions={
          <Button kind="primary" icon={RotateCw} onPress={() => act('start')}>
            Try again
          </Button>
        }
      >
        {engine.lastFailure === null ? '' : `${asSentence(engine.lastFailure)} `}
        {away}
      </Banner>
    )
  }
  if (engine && engine.nextTryAt !== null && engine.lastFailure !== null)
    return <Crashed failure={asSentence(engine.lastFailure)} nextTryAt={engine.nextTryAt} away={away} />
  return slow ? (
    <Banner tone="checking" size="thin" title={engine?.state === 'starting' ? 'The gateway is starting.' : 'The gateway is restarting.'} />
  ) : null
}

function Crashed({ failure, nextTryAt, away }: { readonly failure: string; readonly nextTryAt: number; readonly away: string }) {
  const act = useEngineActions()
  const seconds = Math.ceil((nextTryAt - useNow()) / 1_000)
  return (
    <Banner
      tone="down"
      title="The gateway stopped unexpectedly"
      actions={
        <Button icon={RotateCw} onPress={() => act('start')}>
          Try now
        </Button>
      }
    >
      {failure} {away} Trying again {seconds > 0 ? `in ${seconds} s` : 'now'}; after {TRIES} tries AstroRelay waits for you.
    </Banner>
  )
}
