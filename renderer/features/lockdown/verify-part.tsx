import { RefreshCw } from 'lucide-react'
import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { useNow } from '../../state/clock'
import { Banner } from '../../ui/banner'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { AttemptsTable } from './attempts-table'
import { checkedWords } from './lock-words'
import { verdictOf } from './verdict'

interface VerifyPartProps {
  readonly service: ServiceLockdown
  readonly isVerifying: boolean
  readonly onVerify: () => void
}

/** The verdict, and every attempt that it rests on. */
export function VerifyPart({ service, isVerifying, onVerify }: VerifyPartProps) {
  const now = useNow()
  const { tone, title, text, state } = verdictOf(service)
  const times = service.backends.flatMap(({ proof }) => (proof === null ? [] : [proof.at]))
  const checked = times.length === 0 ? '' : ` ${checkedWords(Math.min(...times), now)}.`
  const shown = isVerifying
    ? {
        tone: 'checking' as const,
        title: 'Trying to get past the gateway',
        text: 'This takes up to 10 seconds where a backend does not answer.',
      }
    : { tone, title, text: `${text}${checked}` }
  return (
    <div className="guide-part">
      <Banner
        tone={shown.tone}
        title={shown.title}
        actions={
          <Button icon={RefreshCw} keys="V" aria-keyshortcuts="V" isPending={isVerifying} onPress={onVerify}>
            {state === 'unchecked' ? 'Verify now' : 'Verify again'}
          </Button>
        }
      >
        {shown.text}
      </Banner>
      <AttemptsTable service={service} isVerifying={isVerifying} />
      <FromElsewhere service={service} />
    </div>
  )
}

/** What this computer cannot see of itself, and how to see it from another. */
function FromElsewhere({ service }: { readonly service: ServiceLockdown }) {
  const unproven = service.backends.filter(({ proof }) => proof?.state === 'unproven')
  if (unproven.length === 0) return null
  return (
    <section className="elsewhere well" aria-label="From another device">
      <p>
        <span className="strong">Try it from another device.</span> Open the address on a phone or computer of the same network. The backend
        must not answer; if it does, the rule is missing there.
      </p>
      <ul>
        {unproven.map(({ id, url, proof }) => {
          const address = addressFrom(url)
          return (
            <li key={id}>
              <span className="strong">{id}</span>
              {address === null ? (
                <span className="small second wrap-anywhere">{proof?.text}</span>
              ) : (
                <span className="row">
                  <code className="mono wrap-anywhere">{address}</code>
                  <CopyButton text={address} label={`Copy the address of ${id}`} />
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The address as others use it; null for one that only this computer knows under that name. */
function addressFrom(url: string): string | null {
  const parsed = parseBackendUrl(url)
  if (typeof parsed === 'string' || /^(localhost|127\.|::1$)/.test(parsed.host)) return null
  return url
}
