import { SearchX } from 'lucide-react'
import { useConfig } from '../../state/hooks'
import { Breadcrumbs } from '../../ui/breadcrumbs'
import { EmptyState } from '../../ui/empty-state'
import { Footer } from '../../ui/footer'
import { Link } from '../../ui/link'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { Guide } from './guide'
import { NoAnswer } from './no-answer'
import type { LockdownView } from './use-lockdown'

/** The guide of one service, or why there is none. */
export function GuideScreen({ id, view }: { readonly id: string; readonly view: LockdownView }) {
  const config = useConfig()?.config
  const service = view.overview?.services.find((other) => other.id === id)
  const saved = config?.services.find((other) => other.id === id)
  if (view.overview !== null && service !== undefined && saved !== undefined)
    return <Guide service={service} type={saved.type} gateway={view.overview.gateway} view={view} />
  const loading = config === undefined || view.overview === null
  return (
    <Screen
      title="Lock down a service"
      above={<Breadcrumbs way={[{ text: 'Lock-down', to: { screen: 'lockdown', service: '' } }]} here={saved?.name ?? id} />}
      footer={<Footer />}
    >
      {view.failure !== null && <NoAnswer why={view.failure} again={view.again} />}
      {view.failure === null && (loading ? <SkeletonRows rows={3} label="Loading the service" /> : <Missing name={saved?.name ?? null} />)}
    </Screen>
  )
}

function Missing({ name }: { readonly name: string | null }) {
  return (
    <EmptyState
      icon={SearchX}
      title={name === null ? 'There is no such service' : `${name} has no backends`}
      actions={<Link to={{ screen: 'lockdown', service: '' }}>Back to Lock-down</Link>}
    >
      {name === null
        ? 'It was deleted, or the address of this page is not right.'
        : 'There is nothing behind it that somebody could reach around the gateway.'}
    </EmptyState>
  )
}
