import { useLater } from '../lib/use-later'
import { useStatus } from '../state/hooks'
import { useSession } from '../state/session'
import { sameList, useStore } from '../state/store'
import { Banner } from '../ui/banner'
import { ClosedBanner } from './closed-banner'
import { EngineBanner } from './engine-banner'
import { ListenerBanner } from './listener-banner'
import { NoticeBanner, useCrashToast } from './notice-banner'

/** More taken ports than this are summed up. */
const SHOWN = 2

/** What keeps services from being reached, above every screen: the connection, the engine, ports that could not be opened. */
export function GatewayBanners() {
  const silent = useStore(useSession().connection) === 'lost'
  const lost = useLater(silent, 1_000)
  const gone = useLater(silent, 10_000)
  useCrashToast()
  const failed = useStatus(
    ({ status }) => (status?.engine.state === 'running' ? status.listeners.filter(({ state }) => state === 'failed') : []),
    sameList,
  )
  return (
    <div className="panel-banners">
      {lost && (
        <Banner
          tone="checking"
          size="thin"
          title={
            gone
              ? 'AstroRelay does not answer. It may have been stopped on its computer; this page keeps trying.'
              : 'Reconnecting to the gateway.'
          }
        />
      )}
      {!lost && <EngineBanner />}
      <ClosedBanner />
      <NoticeBanner />
      {!lost && failed.slice(0, SHOWN).map((listener) => <ListenerBanner key={listener.id} listener={listener} />)}
      {failed.length > SHOWN && (
        <Banner tone="down" size="thin" title={`${failed.length - SHOWN} more ports could not be opened. Settings lists them.`} />
      )}
    </div>
  )
}
