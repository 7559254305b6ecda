import { Layers2, Plus, Radar, SearchX } from 'lucide-react'
import { useState } from 'react'
import { useConfig, useEngine } from '../../state/hooks'
import { navigate } from '../../state/route'
import { useSession } from '../../state/session'
import { useStore } from '../../state/store'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Footer, useLive } from '../../ui/footer'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { DropTarget } from './drop-target'
import { LiveFigures } from './service-cells'
import { ServiceTable } from './service-table'
import { ServiceToolbar } from './service-toolbar'
import { TotalFigures } from './total-figures'
import { useServiceKeys } from './use-service-keys'
import { useServiceList } from './use-service-list'

const expose = (): void => navigate({ screen: 'expose', url: '', name: '' })
const find = (): void => navigate({ screen: 'first-run' })

/** Everything people reach through this gateway. */
export function ServicesScreen() {
  const config = useConfig()
  const empty = config?.config.services.length === 0
  return (
    <Screen
      title="Services"
      fill
      lead="Everything people reach through this gateway."
      actions={empty ? undefined : <Ways />}
      footer={
        <Footer
          hints={
            empty
              ? [['New', 'N']]
              : [
                  ['Move', 'Up', 'Down'],
                  ['Open', 'Enter'],
                  ['Edit', 'E'],
                  ['Copy address', 'C'],
                ]
          }
        >
          <TotalFigures />
        </Footer>
      }
    >
      {config === null ? <Loading /> : empty ? <Empty /> : <List />}
      <DropTarget />
    </Screen>
  )
}

function Ways() {
  const engine = useEngine()?.state
  // One primary button per screen: while the gateway is stopped that is its banner's.
  const stopped = engine === 'stopped' || engine === 'failed'
  return (
    <>
      <Button icon={Radar} onPress={find}>
        Find on this computer
      </Button>
      <Button kind={stopped ? 'plain' : 'primary'} icon={Plus} keys="N" onPress={expose}>
        Expose a service
      </Button>
    </>
  )
}

function List() {
  const [held, setHeld] = useState(false)
  const list = useServiceList(held)
  const filter = useServiceKeys()
  const live = useLive()
  return (
    <LiveFigures value={live}>
      <ServiceToolbar show={list.show} onShow={list.setShow} query={list.query} onQuery={list.setQuery} filter={filter} />
      {list.services.length === 0 ? (
        <EmptyState icon={SearchX} title="No service matches" actions={<Button onPress={list.showAll}>Show all</Button>}>
          Names, addresses, host names and backends were looked through.
        </EmptyState>
      ) : (
        <div
          className="service-list"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={(event) => setHeld(event.currentTarget.contains(document.activeElement))}
          onFocus={() => setHeld(true)}
          onBlur={(event) => setHeld(event.currentTarget.contains(event.relatedTarget))}
        >
          <ServiceTable services={list.services} />
        </div>
      )}
    </LiveFigures>
  )
}

function Empty() {
  useServiceKeys()
  return (
    <EmptyState
      icon={Layers2}
      title="Nothing is shared yet"
      actions={
        <>
          <Button kind="primary" icon={Plus} keys="N" onPress={expose}>
            Expose a service
          </Button>
          <Button icon={Radar} onPress={find}>
            Find on this computer
          </Button>
        </>
      }
    >
      Expose a web page, a folder or a machine, and it shows up here with its live traffic.
    </EmptyState>
  )
}

function Loading() {
  const { connection, config } = useSession()
  if (useStore(connection) !== 'lost') return <SkeletonRows rows={6} label="Loading services" />
  return (
    <EmptyState
      icon={Layers2}
      title="The services could not be loaded"
      actions={<Button onPress={() => void config.refresh()}>Try again</Button>}
    >
      AstroRelay does not answer. What is shared keeps running; this page tries again by itself.
    </EmptyState>
  )
}
