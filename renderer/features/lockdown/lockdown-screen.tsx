import { LockKeyhole, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { formatNumberOf } from '../../lib/format'
import { navigate } from '../../state/route'
import { useShortcuts } from '../../state/shortcuts'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Footer } from '../../ui/footer'
import { Link } from '../../ui/link'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { GuideScreen } from './guide-screen'
import { inOrder, lockStateOf, methodWords, orderOf } from './lock-words'
import { NoAnswer } from './no-answer'
import { ProofList } from './proof-list'
import { type LockdownView, useLockdown } from './use-lockdown'
import './lockdown.css'

/** `#/lockdown`: every backend with its proof; `#/lockdown/:service`: the guide that locks a service's backends down. */
export function LockdownScreen({ service }: { readonly service: string }) {
  const view = useLockdown()
  if (service !== '') return <GuideScreen key={service} id={service} view={view} />
  return <Overview view={view} />
}

function Overview({ view }: { readonly view: LockdownView }) {
  const services = view.overview?.services ?? []
  const all = services.map(({ id }) => id)
  const verifyAll = (): void => void (all.length > 0 && view.verifying.size === 0 && view.verify(all))
  useShortcuts({ v: verifyAll })
  const backends = services.flatMap((service) => service.backends.map(({ proof }) => lockStateOf(service.methods, proof)))
  const locked = backends.filter((state) => state === 'locked').length
  return (
    <Screen
      title="Lock-down"
      lead="Access rules only count if people have to pass them: backends should answer this gateway and nobody else."
      actions={
        all.length > 0 && (
          <Button kind="primary" icon={RefreshCw} keys="V" aria-keyshortcuts="V" isPending={view.verifying.size > 0} onPress={verifyAll}>
            Verify all
          </Button>
        )
      }
      footer={
        <Footer hints={[['Verify all', 'V']]}>
          {backends.length > 0 && (
            <span>
              {locked} of {formatNumberOf(backends.length, 'backend')} locked
            </span>
          )}
        </Footer>
      }
    >
      {view.failure !== null && <NoAnswer why={view.failure} again={view.again} />}
      {view.overview === null && view.failure === null && <SkeletonRows rows={4} label="Loading the backends" />}
      {view.overview !== null && services.length === 0 && (
        <EmptyState icon={LockKeyhole} title="No backends yet." actions={<Link to={{ screen: 'services' }}>Go to the services</Link>}>
          Expose a service, and its backends appear here.
        </EmptyState>
      )}
      {services.length > 0 && <Services services={services} view={view} />}
    </Screen>
  )
}

function Services({ services, view }: { readonly services: readonly ServiceLockdown[]; readonly view: LockdownView }) {
  const [order] = useState(() => orderOf(services))
  return (
    <div className="lockdown-list">
      {inOrder(services, order).map((service) => (
        <ServiceItem key={service.id} service={service} view={view} />
      ))}
    </div>
  )
}

function ServiceItem({ service, view }: { readonly service: ServiceLockdown; readonly view: LockdownView }) {
  const { id, name, methods } = service
  const isVerifying = view.verifying.has(id)
  const to = { screen: 'lockdown', service: id } as const
  return (
    <section className="lockdown-service" aria-label={name}>
      <div className="lockdown-service-head">
        <h2>
          <Link to={to} className="lockdown-name">
            {name}
          </Link>
        </h2>
        <span className="small second grow">{methods.length === 0 ? 'No method yet' : methodWords(service)}</span>
        <Button size="small" icon={RefreshCw} aria-label={`Verify ${name}`} isPending={isVerifying} onPress={() => void view.verify([id])}>
          Verify
        </Button>
        {methods.length === 0 ? (
          <Button size="small" icon={LockKeyhole} aria-label={`Lock down… ${name}`} onPress={() => navigate(to)}>
            Lock down…
          </Button>
        ) : (
          <Button size="small" aria-label={`Open guide of ${name}`} onPress={() => navigate(to)}>
            Open guide
          </Button>
        )}
      </div>
      <ProofList service={service} isVerifying={isVerifying} />
    </section>
  )
}
