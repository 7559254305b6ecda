import type { ConfigDocument } from '../../contract/config/document'
import type { ServiceDocument } from '../../contract/config/service'
import { CallError } from '../../contract/failure'

export type BackendDocument = NonNullable<ServiceDocument['backends']>[number]

/** A service and one of its backends; fails with AR_NOT_FOUND, in words. */
export function findBackend(
  document: ConfigDocument,
  service: string,
  backend: string,
): { readonly service: ServiceDocument; readonly backend: BackendDocument; readonly name: string } {
  const found = document.services?.find(({ id }) => id === service)
  if (found === undefined) throw new CallError('AR_NOT_FOUND', `There is no service “${service.slice(0, 63)}”.`)
  const one = found.backends?.find(({ id }) => id === backend)
  if (one === undefined) throw new CallError('AR_NOT_FOUND', `“${found.name ?? found.id}” has no backend “${backend.slice(0, 63)}”.`)
  return { service: found, backend: one, name: found.name ?? found.id }
}

/** The document with a service's backends. */
export function withBackends(
  document: ConfigDocument,
  service: string,
  edit: (backends: readonly BackendDocument[]) => readonly BackendDocument[],
): ConfigDocument {
  return {
    ...document,
    services: (document.services ?? []).map((other) =>
      other.id === service ? { ...other, backends: [...edit(other.backends ?? [])] } : other,
    ),
  }
}

/** A backend in another state; `active` is what a document leaves out. */
export function inState(backend: BackendDocument, state: NonNullable<BackendDocument['state']>): BackendDocument {
  const { state: _before, ...rest } = backend
  return state === 'active' ? rest : { ...rest, state }
}
