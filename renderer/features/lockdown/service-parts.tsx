import { LockKeyhole, RefreshCw } from 'lucide-react'
import type { Service } from '../../../proxy/contract/config/service'
import type { BackendStatus } from '../../../proxy/contract/status'
import { formatMoment } from '../../lib/format'
import { useNow } from '../../state/clock'
import { navigate } from '../../state/route'
import { Button } from '../../ui/button'
import { SkeletonRows } from '../../ui/skeleton'
import { StateText, StatusGlyph } from '../../ui/status-glyph'
import { lockStateOf, lockWords, methodsOf, methodWords, worstState } from './lock-words'
import { NoAnswer } from './no-answer'
import { ProofList } from './proof-list'
import { useLockdown } from './use-lockdown'
import { verdictOf } from './verdict'
import './lockdown.css'

// What the service's own screen shows of its lock-down. That screen knows nothing of this feature: the app hands these in.

/** A service's lock-down: what it rests on, and what is proven of each backend. */
export function LockdownTab({ service: { id, name } }: { readonly service: Service }) {
  const view = useLockdown()
  const service = view.overview?.services.find((other) => other.id === id)
  if (view.failure !== null) return <NoAnswer why={view.failure} again={view.again} />
  if (view.overview === null) return <SkeletonRows rows={2} label="Loading the lock-down" />
  if (service === undefined) return <p className="second">{name ?? id} has no backends, so there is nothing to reach around the gateway.</p>
  const { methods } = service
  const isVerifying = view.verifying.has(id)
  const go = (): void => navigate({ screen: 'lockdown', service: id })
  const verdict = verdictOf(service)
  return (
    <section className="lockdown-tab" aria-label="Lock-down">
      <div className="lockdown-service-head">
        <p className="grow second">
          {methods.length === 0 ? (
            'Nothing keeps others from going straight to the backends, around this gateway and its access rules.'
          ) : (
            <>
              <span className="strong">{methodWords(service)}.</span> {verdict.title}.
            </>
          )}
        </p>
        <Button size="small" icon={RefreshCw} isPending={isVerifying} onPress={() => void view.verify([id])}>
          Verify
        </Button>
        {methods.length === 0 ? (
          <Button size="small" icon={LockKeyhole} onPress={go}>
            Lock down…
          </Button>
        ) : (
          <Button size="small" onPress={go}>
            Open guide
          </Button>
        )}
      </div>
      <ProofList service={service} isVerifying={isVerifying} />
    </section>
  )
}

/** Beside the tab's name: the worst of the backends' states; nothing where there is no lock-down. */
export function LockdownTabMark({ service, known }: { readonly service: Service; readonly known: readonly BackendStatus[] }) {
  const methods = methodsOf(service.lockdown)
  if (methods.length === 0 || known.length === 0) return null
  const { glyph, text } = lockWords(worstState(known.map(({ lockdown }) => lockStateOf(methods, lockdown))))
  return <StatusGlyph state={glyph} label={text} />
}

/** On a backend's row: its state and since when it is known. */
export function LockdownRowMark({ service, backend }: { readonly service: Service; readonly backend: BackendStatus | undefined }) {
  const now = useNow()
  const methods = methodsOf(service.lockdown)
  if (methods.length === 0 || backend === undefined) return null
  const { lockdown: proof } = backend
  const { glyph, text } = lockWords(lockStateOf(methods, proof))
  return (
    <span className="lock-mark small" title={proof?.text ?? 'Nobody has tried yet to reach it around the gateway.'}>
      <StateText state={glyph} size="small">
        <span className="visually-hidden">Lock-down: </span>
        {text}
      </StateText>{' '}
      {proof !== undefined && <span className="quiet">{formatMoment(proof.at, now)}</span>}
    </span>
  )
}
