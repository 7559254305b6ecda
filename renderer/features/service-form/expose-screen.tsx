import { useState } from 'react'
import type { SavedConfig } from '../../state/config'
import { useConfig, useRoute } from '../../state/hooks'
import type { ExposeKind } from '../../state/route'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { ServiceForm } from './service-form'
import { NEW, unsavedOf } from './unsaved'

interface Given {
  readonly url: string
  readonly name: string
  readonly kind?: ExposeKind | undefined
  readonly folder?: string | undefined
}

/** `#/expose`: a new service, with what the link brought along filled in. */
export function ExposeScreen({ url, name }: Pick<Given, 'url' | 'name'>) {
  const saved = useConfig()
  const route = useRoute()
  if (!saved)
    return (
      <Screen title="Expose a service">
        <SkeletonRows rows={3} />
      </Screen>
    )
  const { kind, folder } = route.screen === 'expose' ? route : {}
  return <Expose key={`${url} ${name} ${kind} ${folder}`} now={saved} given={{ url, name, kind, folder }} />
}

/** Begins with what the link brought along, or else with what was typed here before and not saved. */
function Expose({ now, given }: { readonly now: SavedConfig; readonly given: Given }) {
  const [unsaved] = useState(() => (given.url === '' && given.name === '' && given.folder === undefined ? unsavedOf(NEW) : null))
  const [saved] = useState(unsaved?.saved ?? now)
  return <ServiceForm saved={saved} service={null} given={given} unsaved={unsaved} />
}
