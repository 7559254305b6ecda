import { maintenanceSchema } from '../../../proxy/contract/config/maintenance'
import { maintenancePage } from '../../../proxy/contract/maintenance-page'
import { useNow } from '../../state/clock'
import type { AdvancedDraft } from './model/advanced-draft'
import { isoTime } from './model/upkeep'

/** The maintenance page as visitors get it, while it is written; nothing while something in it is wrong. */
export function PagePreview({ draft }: { readonly draft: AdvancedDraft }) {
  const now = useNow()
  const text = (key: keyof AdvancedDraft): string | undefined => draft[key].trim() || undefined
  const until = text('maintenance.until')
  const typed = maintenanceSchema.safeParse({
    title: text('maintenance.title'),
    message: text('maintenance.message'),
    until: until === undefined ? undefined : isoTime(until, undefined),
  })
  if (!typed.success) return null
  const page = maintenancePage(typed.data, now)
  return (
    <figure className="page-preview">
      <figcaption className="small quiet">What visitors see</figcaption>
      <div className="page-preview-page">
        <p className="page-preview-title">{page.title}</p>
        <p className="page-preview-text">{page.message}</p>
        {page.until !== null && <p>Expected back by {new Date(page.until).toISOString().slice(0, 16).replace('T', ' ')} UTC.</p>}
      </div>
    </figure>
  )
}
