import type { SavedConfig } from '../../state/config'
import { LimitHits } from './limit-hits'
import { Limits } from './limits'
import { Listeners } from './listeners'
import { TrustedProxies } from './trusted-proxies'

/** What holds for the whole gateway: its ports, whom it believes, its limits. */
export function GatewayTab({ saved }: { readonly saved: SavedConfig }) {
  return (
    <>
      <Listeners saved={saved} />
      <TrustedProxies saved={saved} />
      <Limits key={saved.revision} saved={saved} />
      <LimitHits />
    </>
  )
}
