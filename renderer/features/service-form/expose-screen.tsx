import { useConfig } from '../../state/hooks'
import { Screen } from '../../ui/screen'
import { SkeletonRows } from '../../ui/skeleton'
import { ServiceForm } from './service-form'

/** `#/expose`: a new service, with what the link brought along filled in. */
export function ExposeScreen({ url, name }: { readonly url: string; readonly name: string }) {
  const saved = useConfig()
  if (!saved) return <Screen title="Expose a service"><SkeletonRows rows={3} /></Screen>
  return <ServiceForm key={`${url} ${name}`} saved={saved} service={null} given={{ url, name }} />
}
