import type { Service } from '../../../proxy/contract/config/service'
import type { ServiceStatus } from '../../../proxy/contract/status'
import { asSentence } from '../../lib/format'
import { Banner } from '../../ui/banner'

/** What the gateway itself answers with, for a service without backends: a folder, or another address. */
export function SourceFacts({ service, status }: { readonly service: Service; readonly status: ServiceStatus | null }) {
  const wrong = status !== null && (status.state === 'down' || status.state === 'attention') ? status.reason : null
  return (
    <section className="source-facts" aria-label={service.type === 'files' ? 'Folder' : 'Target'}>
      {wrong !== null && (
        <Banner tone="down" title={`Nobody can open ${service.name ?? service.id}.`}>
          {asSentence(wrong)} It is looked for every few seconds and comes back by itself.
        </Banner>
      )}
      <h2>{service.type === 'files' ? 'Folder' : 'Sends visitors to'}</h2>
      <p className="mono wrap-anywhere">{service.type === 'files' ? service.root : service.to}</p>
      <p className="second">{service.type === 'files' ? folderWords(service) : redirectWords(service)}</p>
    </section>
  )
}

function folderWords({ listing, fallback, dotFiles }: Service): string {
  const parts = [
    listing === true ? 'Folders without an index page show what is in them.' : 'Folders without an index page show nothing.',
    ...(fallback === undefined ? [] : [`Pages that are not there get ${fallback}.`]),
    dotFiles === true ? 'Names that begin with a dot are hosted, too.' : 'Names that begin with a dot are not hosted.',
  ]
  return parts.join(' ')
}

function redirectWords({ status, keepPath }: Service): string {
  const forGood = status === undefined || status === 301 || status === 308
  return `${forGood ? 'For good: browsers remember it.' : 'For now: browsers ask again each time.'} ${keepPath === false ? 'Always to this very page.' : 'Path and query of what they asked for are kept.'}`
}
