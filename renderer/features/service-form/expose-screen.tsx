import { useState } from 'react'
import type { SavedConfig } from '../../state/config'
import { useConfig } from '../../state/hooks'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { ServiceForm } from './service-form'
import { NEW, unsavedOf } from './unsaved'

/** `#/expose`: a new service, with what the link brought along filled in. */
export function ExposeScreen({ url, name }: { readonly url: string; readonly name: string }) {
  const saved = useConfig()
  if (!saved) return <Screen title="Expose a service"><SkeletonRows rows={3} /></Screen>
  return <Expose key={`${url} ${name}`} now={saved} given={{ url, name }} />
}

/** Begins with what the link brought along, or else with what was typed here before and not saved. */
function Expose({ now, given }: { readonly now: SavedConfig; readonly given: { readonly url: string; readonly name: string } }) {
  const [unsaved] = useState(() => (given.url === '' && given.name === '' ? unsavedOf(NEW) : null))
  const [saved] = useState(unsaved?.saved ?? now)
  return <ServiceForm saved={saved} service={null} given={given} unsaved={unsaved} />
}
