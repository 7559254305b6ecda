import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { Banner } from '../../ui/banner'
import { Segmented } from '../../ui/segmented'
import { namesOf } from './lock-words'

const VERSIONS = [
  { id: 'v2', text: 'Version 2' },
  { id: 'v1', text: 'Version 1' },
] as const
export type ProxyVersion = (typeof VERSIONS)[number]['id']

interface ProxyNoticeProps {
  readonly service: ServiceLockdown
  readonly version: ProxyVersion
  readonly onVersion: (version: ProxyVersion) => void
}

/** Before the PROXY protocol is switched on: it takes effect at once, so the backends go first. */
export function ProxyNotice({ service, version, onVersion }: ProxyNoticeProps) {
  return (
    <Banner
      tone="warn"
      title="Set up the backends first"
      actions={<Segmented label="Version of the PROXY protocol" size="small" options={VERSIONS} value={version} onChange={onVersion} />}
    >
      Once it is switched on, the gateway begins every connection to {namesOf(service.backends)} with a PROXY header. A backend that does
      not expect it fails for every visitor.
    </Banner>
  )
}
