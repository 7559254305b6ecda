import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { sameJson } from '../../../lib/same-json'

/** What became of the service since the form was opened: nothing, so the form's change goes on top of the latest document; or something. */
export type Since =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'changed'; readonly theirs: ServiceDocument }
  | { readonly kind: 'deleted' }

/** Compares the service (null: a new one) in the document the form began with and in the latest. */
export function changedSince(begun: ConfigDocument, latest: ConfigDocument, id: string | null): Since {
  if (id === null) return { kind: 'untouched' }
  const before = begun.services?.find((service) => service.id === id)
  const theirs = latest.services?.find((service) => service.id === id)
  if (theirs === undefined) return { kind: 'deleted' }
  return sameJson(before, theirs) ? { kind: 'untouched' } : { kind: 'changed', theirs }
}
