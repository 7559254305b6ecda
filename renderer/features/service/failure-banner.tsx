import { Bell, BellOff, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { wallTime } from '../../../proxy/contract/clock'
import type { Service } from '../../../proxy/contract/config/service'
import type { ServiceStatus } from '../../../proxy/contract/status'
import { CallError } from '../../../proxy/contract/failure'
import { formatClockSeconds } from '../../lib/format'
import { useNow } from '../../state/clock'
import { useClient } from '../../state/hooks'
import { useServiceActions } from '../../state/service-actions'
import { Banner } from '../../ui/banner'
import { Button } from '../../ui/button'
import { failureWords } from './failure-words'
import { isMuted, MUTED_FOR } from './muted'

/** One banner with cause, effect and next step while a service is down or not as intended. */
export function FailureBanner({ service, status }: { readonly service: Service; readonly status: ServiceStatus }) {
  const client = useClient()
  const now = useNow()
  const { mute } = useServiceActions()
  const [checking, setChecking] = useState(false)
  const [found, setFound] = useState<string | null>(null)
  const failure = failureWords(status, service.health)
  if (!failure) return null
  const { id, url } = failure.backend
  const muted = isMuted(service, now)

  async function check(): Promise<void> {
    setChecking(true)
    const tls = service.backends.find((backend) => backend.id === id)?.tls ?? { verify: true }
    const { proxyProtocol } = service.lockdown
    const text = await client.call('backend.test', { url, ...tls, proxyProtocol, path: service.health.path ?? '/' }).then(
      (verdict) => verdict.text,
      (error: unknown) => (error instanceof CallError ? error.message : 'AstroRelay does not answer.'),
    )
    setFound(`${formatClockSeconds(wallTime())}: ${text}`)
    setChecking(false)
  }

  return (
    <div className="service-failure">
      <Banner
        tone={failure.tone}
        title={failure.title}
        actions={
          <>
            <Button size="small" icon={RefreshCw} isPending={checking} onPress={() => void check()}>
              Check now
            </Button>
            {!service.alerts.mute &&
              (muted ? (
                <Button kind="quiet" size="small" icon={Bell} onPress={() => mute(service.id, null)}>
                  Tell me again
                </Button>
              ) : (
                <Button kind="quiet" size="small" icon={BellOff} onPress={() => mute(service.id, MUTED_FOR)}>
                  Mute 1 hour
                </Button>
              ))}
          </>
        }
      >
        {failure.text}
        {found !== null && <output className="failure-found">{found}</output>}
      </Banner>
    </div>
  )
}
