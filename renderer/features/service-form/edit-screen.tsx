import { SearchX } from 'lucide-react'
import { useState } from 'react'
import { useConfig } from '../../state/hooks'
import type { SavedConfig } from '../../state/config'
import { EmptyState } from '../../ui/empty-state'
import { Link } from '../../ui/link'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { ServiceForm } from './service-form'
import { unsavedOf } from './unsaved'

/** `#/services/:id/edit`. */
export function EditScreen({ id }: { readonly id: string }) {
  const saved = useConfig()
  if (!saved)
    return (
      <Screen title="Edit">
        <SkeletonRows rows={3} />
      </Screen>
    )
  return <Edit key={id} id={id} now={saved} />
}

/** Holds on to the service as it was when the form was opened: a change by someone else must not alter the fields under the hands. */
function Edit({ id, now }: { readonly id: string; readonly now: SavedConfig }) {
  const [unsaved] = useState(() => unsavedOf(id))
  const [saved] = useState(unsaved?.saved ?? now)
  const service = saved.document.services?.find((other) => other.id === id)
  if (service) return <ServiceForm saved={saved} service={service} unsaved={unsaved} />
  return (
    <Screen title="Edit">
      <EmptyState icon={SearchX} title="There is no such service" actions={<Link to={{ screen: 'services' }}>Back to the services</Link>}>
        It was deleted, or the address of this page is not right.
      </EmptyState>
    </Screen>
  )
}
