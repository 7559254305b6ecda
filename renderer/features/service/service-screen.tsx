import { ChartLine, SearchX, Table2 } from 'lucide-react'
import { useState } from 'react'
import { wallTime } from '../../../proxy/contract/clock'
import type { Service } from '../../../proxy/contract/config/service'
import { useConfig, useEngine, useServiceStatus } from '../../state/hooks'
import { navigate } from '../../state/route'
import { isMachine } from '../../lib/machine-words'
import { overlayIsOpen, useShortcuts } from '../../state/shortcuts'
import { useServiceActions } from '../../state/service-actions'
import { useSession } from '../../state/session'
import { copyText } from '../../ui/copy-button'
import { EmptyState } from '../../ui/empty-state'
import { Footer, useLive } from '../../ui/footer'
import { IconButton } from '../../ui/icon-button'
import { Link } from '../../ui/link'
import { Screen } from '../../ui/screen'
import { Segmented } from '../../ui/segmented'
import { SkeletonRows } from '../../ui/skeleton'
import { Tabs } from '../../ui/tabs'
import { AccessTab } from './access-tab'
import { CheckedAgo } from './checked-ago'
import { HealthTab } from './health-tab'
import { isMuted, MUTED_FOR } from './muted'
import type { LockdownParts } from './lockdown-parts'
import { Overview } from './overview'
import { RequestsTab } from './requests-tab'
import { ServiceHead } from './service-head'
import './service.css'

const RANGES = [
  { id: '15', text: '15 min' },
  { id: '60', text: '1 hour' },
] as const
type Range = (typeof RANGES)[number]['id']

const KEYS = [
  ['Mute', 'U'],
  ['Edit', 'E'],
  ['Back', 'Esc'],
] as const
/** Of a backend's row; a folder or a redirect has none. */
const BACKEND_KEYS = [
  ['Drain', 'D'],
  ['Maintenance', 'M'],
  ['Swap', 'S'],
  ['Check now', 'H'],
] as const

/** `#/services/:id`: how a service is doing, and its requests. */
export function ServiceScreen({ id, lockdown }: { readonly id: string; readonly lockdown: LockdownParts }) {
  const config = useConfig()
  const service = config?.config.services.find((other) => other.id === id)
  if (service) return <Detail key={id} service={service} lockdown={lockdown} />
  return (
    <Screen title="Service" footer={<Footer />}>
      {config ? <Missing /> : <SkeletonRows rows={4} label="Loading the service" />}
    </Screen>
  )
}

function Missing() {
  return (
    <EmptyState icon={SearchX} title="There is no such service" actions={<Link to={{ screen: 'services' }}>Back to the services</Link>}>
      It was deleted, or the address of this page is not right. What was deleted can be brought back in Settings, History.
    </EmptyState>
  )
}

function Detail({ service, lockdown: { Tab, TabMark, RowMark } }: { readonly service: Service; readonly lockdown: LockdownParts }) {
  const { id } = service
  const [range, setRange] = useState<Range>('15')
  const [asTable, setAsTable] = useState(false)
  const session = useSession()
  const status = useServiceStatus(id)
  const engine = useEngine()?.state ?? null
  const live = useLive()
  const { mute } = useServiceActions()

  useShortcuts({
    e: () => navigate({ screen: 'edit', id }),
    u: () => mute(id, isMuted(service, wallTime()) ? null : MUTED_FOR),
    c: () => {
      const address = session.status.get().status?.services.find((other) => other.id === id)?.addresses[0]
      if (address === undefined) return false
      void copyText(address)
      return undefined
    },
    Escape: () => (overlayIsOpen() ? false : navigate({ screen: 'services' })),
  })

  return (
    <Screen
      title={service.name}
      head={<ServiceHead service={service} status={status} engine={engine} />}
      footer={
        <Footer hints={service.backends.length === 0 ? KEYS : [...BACKEND_KEYS, ...KEYS]}>
          <CheckedAgo service={service} status={status} />
        </Footer>
      }
      bar={
        <div className="service-tabs">
          <Tabs
            label="Views"
            tabs={[
              {
                id: 'overview',
                text: 'Overview',
                content: (
                  <>
                    <div className="service-range">
                      <IconButton
                        icon={asTable ? ChartLine : Table2}
                        label={asTable ? 'Show as charts' : 'Show as table'}
                        onPress={() => setAsTable(!asTable)}
                      />
                      <Segmented label="Time shown" size="small" options={RANGES} value={range} onChange={setRange} />
                    </div>
                    <Overview
                      service={service}
                      status={status}
                      engine={engine}
                      live={live}
                      minutes={Number(range)}
                      asTable={asTable}
                      RowMark={RowMark}
                    />
                  </>
                ),
              },
              {
                id: 'requests',
                text: isMachine(service) ? 'Connections' : 'Requests',
                content: <RequestsTab id={id} status={status} live={live} isStream={isMachine(service)} />,
              },
              { id: 'access', text: 'Access', content: <AccessTab service={service} /> },
              ...(service.backends.length === 0
                ? []
                : [
                    {
                      id: 'lockdown',
                      text: (
                        <>
                          Lock-down <TabMark service={service} known={engine === 'running' ? (status?.backends ?? []) : []} />
                        </>
                      ),
                      content: <Tab service={service} />,
                    },
                    {
                      id: 'health',
                      text: 'Health checks',
                      content: <HealthTab service={service} status={status} running={engine === 'running'} />,
                    },
                  ]),
            ]}
          />
        </div>
      }
    >
      {null}
    </Screen>
  )
}
