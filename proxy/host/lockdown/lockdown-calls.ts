import type { Handlers } from '../../contract/api'
import type { ConfigDocument } from '../../contract/config/document'
import { SECRET_HEADER } from '../../contract/config/lockdown'
import type { Service, ServiceDocument } from '../../contract/config/service'
import type { lockdownCalls as api } from '../../contract/calls/lockdown'
import { CallError } from '../../contract/failure'
import type { Configuration } from '../configuration'
import type { Lockdowns } from './lockdowns'
import { newSecret } from './secrets'
import { methodsOf } from './verify'

/** Locking backends down: edits of the document, whose secrets are told once, to whoever had them made. */
export function lockdownCalls(configuration: Configuration, lockdowns: Lockdowns): Handlers<typeof api> {
  const edit = async (
    service: Service,
    change: (lockdown: NonNullable<ServiceDocument['lockdown']>) => ServiceDocument['lockdown'],
    by: string,
    summary: string,
  ): Promise<string> => {
    const { revision } = await configuration.edit((document) => withLockdown(document, service.id, change), by, summary)
    return revision
  }
  return {
    lockdown: () => lockdowns.overview(),
    'lockdown.set': async ({ service: id, method, header, version, by = 'API' }) => {
      const service = withBackends(lockdowns.serviceOf(id))
      const name = nameOf(service)
      if (method === 'secret') {
        if (service.type !== 'http') throw invalid('method', 'a secret header needs an http service; use “proxy” or “network”')
        if (service.lockdown.secretHeader !== undefined)
          throw invalid('method', `${name} has a secret already; rotate it to have a new one`)
        const secret = { header: header ?? SECRET_HEADER, value: newSecret() }
        const revision = await edit(
          service,
          (lockdown) => ({ ...lockdown, secretHeader: { ...(header === undefined ? {} : { name: header }), value: secret.value } }),
          by,
          `Locked ${name} down by a secret header`,
        )
        return { revision, secret }
      }
      if (method === 'proxy' && service.type === 'udp') throw invalid('method', 'datagrams carry no PROXY header; use “network”')
      const revision = await edit(
        service,
        (lockdown) => (method === 'proxy' ? { ...lockdown, proxyProtocol: version } : { ...lockdown, network: true }),
        by,
        `Locked ${name} down by ${method === 'proxy' ? 'the PROXY protocol' : 'network rules'}`,
      )
      return { revision, secret: null }
    },
    'lockdown.end': async ({ service: id, by = 'API' }) => {
      const service = lockdowns.serviceOf(id)
      if (methodsOf(service).length === 0) throw invalid('service', `${nameOf(service)} is not locked down`)
      return { revision: await edit(service, () => undefined, by, `Removed the lock-down of ${nameOf(service)}`) }
    },
    'lockdown.rotate': async ({ service: id, by = 'API' }) => {
      const service = lockdowns.serviceOf(id)
      const { secretHeader } = required(service)
      const value = newSecret()
      const revision = await edit(
        service,
        (lockdown) =>
          lockdown.secretHeader === undefined ? lockdown : { ...lockdown, secretHeader: { ...lockdown.secretHeader, next: value } },
        by,
        `Made a new secret for ${nameOf(service)}`,
      )
      return { revision, secret: { header: secretHeader.name, value }, replaced: secretHeader.next !== undefined }
    },
    'lockdown.finish': async ({ service: id, force, by = 'API' }) => {
      const service = lockdowns.serviceOf(id)
      const { secretHeader } = required(service)
      if (secretHeader.next === undefined) throw invalid('service', `${nameOf(service)} has no new secret; rotate first`)
      if (!force) await requireTaken(service, lockdowns)
      return { revision: await edit(service, takeOver, by, `${nameOf(service)} uses its new secret`) }
    },
    'lockdown.keep': async ({ service: id, by = 'API' }) => {
      const service = lockdowns.serviceOf(id)
      if (required(service).secretHeader.next === undefined) throw invalid('service', `${nameOf(service)} has no new secret to give up`)
      return { revision: await edit(service, (lockdown) => withoutNext(lockdown), by, `${nameOf(service)} keeps its secret`) }
    },
    'lockdown.verify': async ({ service, backend }) => ({ backends: await lockdowns.verify(service, backend) }),
  }
}

/** The gateway must not begin with a secret that a backend still refuses. */
async function requireTaken(service: Service, lockdowns: Lockdowns): Promise<void> {
  for (const { backend, proof } of await lockdowns.verify(service.id)) {
    const next = proof.attempts.find(({ what }) => what === 'next')
    if (next?.fits !== true)
      throw invalid(
        'service',
        `“${backend}” does not take the new secret yet (${next?.outcome ?? proof.text}). Set it up there, then finish; or finish by force`,
      )
  }
}

function takeOver(lockdown: NonNullable<ServiceDocument['lockdown']>): ServiceDocument['lockdown'] {
  if (lockdown.secretHeader?.next === undefined) return lockdown
  const { next, ...rest } = lockdown.secretHeader
  return { ...lockdown, secretHeader: { ...rest, value: next } }
}

function withoutNext(lockdown: NonNullable<ServiceDocument['lockdown']>): ServiceDocument['lockdown'] {
  if (lockdown.secretHeader === undefined) return lockdown
  const { next: _given, ...secretHeader } = lockdown.secretHeader
  return { ...lockdown, secretHeader }
}

function withLockdown(
  document: ConfigDocument,
  id: string,
  change: (lockdown: NonNullable<ServiceDocument['lockdown']>) => ServiceDocument['lockdown'],
): ConfigDocument {
  return {
    ...document,
    services: (document.services ?? []).map((service) => {
      if (service.id !== id) return service
      const { lockdown, ...rest } = service
      const next = change(lockdown ?? {})
      return next === undefined ? rest : { ...rest, lockdown: next }
    }),
  }
}

function required({ lockdown, ...service }: Service): { readonly secretHeader: NonNullable<Service['lockdown']['secretHeader']> } {
  if (lockdown.secretHeader === undefined) throw invalid('service', `${service.name ?? service.id} has no secret; lock it down first`)
  return { secretHeader: lockdown.secretHeader }
}

function withBackends(service: Service): Service {
  if (service.backends.length === 0) throw invalid('service', `${nameOf(service)} has no backends to lock down`)
  return service
}

function nameOf({ name, id }: Service): string {
  return name ?? id
}

function invalid(path: string, message: string): CallError {
  return new CallError('AR_INVALID', `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, { issues: [{ path, message }] })
}
