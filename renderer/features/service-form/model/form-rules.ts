import { parseBackendUrl } from '../../../../proxy/contract/backend-url'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { toAsciiHost } from '../../../lib/idn'
import { PORTS, portProblem, wholeNumberProblem } from '../../../lib/number-problems'
import { speaking } from '../../../lib/service-edits'
import type { ExposeKind } from '../../../state/route'
import { type AdvancedField, documentPlace } from './advanced-draft'
import { protocolOf, type ServiceDraft } from './draft'
import type { Problem } from './fields'
import { machineAddress } from './machine-draft'

interface RuleContext {
  readonly document: ConfigDocument
  /** The service that is edited; null: a new one. */
  readonly id: string | null
}

/** DESIGN §7: what the schema leaves open because a hand-written file may do it. */
export function formRules(draft: ServiceDraft, context: RuleContext): Problem[] {
  const machine = draft.kind === 'machine'
  return [
    ...nameRules(draft, context),
    ...(machine && protocolOf(draft) === 'udp' ? [] : hostRules(draft)),
    ...(machine
      ? machinePortRules(draft, context)
      : draft.port !== '' && portProblem(draft.port) !== null
        ? [error('port', `Write a port from ${PORTS.min} to ${PORTS.max}, or leave it empty.`)]
        : []),
    ...rateRules(draft),
    ...(machine || draft.kind === 'web' ? [...backendRules(draft), ...countRules(draft)] : []),
  ]
}

/** A name that fits the kind, to show how such a thing may be called. */
export const SAMPLE_NAMES: Readonly<Record<ExposeKind, string>> = {
  web: 'Office wiki',
  files: 'Project files',
  machine: 'Reception PC',
  redirect: 'Old portal',
}

function nameRules({ name, kind }: ServiceDraft, { document, id }: RuleContext): Problem[] {
  if (name === '') return [error('name', `Give it a name, such as ${SAMPLE_NAMES[kind]}.`)]
  const namesake = (document.services ?? []).find(
    (service) => service.id !== id && (service.name ?? service.id).toLowerCase() === name.toLowerCase(),
  )
  return namesake ? [error('name', `There is already a service called “${namesake.name ?? namesake.id}”. Choose another name.`)] : []
}

function hostRules({ hosts }: ServiceDraft): Problem[] {
  return hosts.flatMap((host, at) => {
    if (toAsciiHost(host) === null) return [error(`hosts.${at}`, `“${host}” is not a host name. Write one such as wiki.office.lan.`)]
    const twice = host !== '' && hosts.findIndex((other) => other.toLowerCase() === host.toLowerCase()) < at
    return twice ? [error(`hosts.${at}`, 'This name is already in the list. Remove one of the two.')] : []
  })
}

function machinePortRules(draft: ServiceDraft, { document, id }: RuleContext): Problem[] {
  const { port, keptListeners, hosts } = draft
  if (keptListeners !== null) return []
  if (port === '') return [error('port', `Choose the port that people connect to, from ${PORTS.min} to ${PORTS.max}.`)]
  const unfit = portProblem(port)
  if (unfit !== null) return [error('port', unfit)]
  const protocol = protocolOf(draft)
  const shared = hosts.some((host) => host !== '')
  if (protocol === 'tcp' && (port === '80' || port === '443') && !shared)
    return [error('port', `Port ${port} is for web pages. Choose another port.`)]
  const listener = speaking(document, protocol).find((other) => String(other.port) === port)
  const owner =
    listener === undefined || (protocol === 'tcp' && shared)
      ? undefined
      : (document.services ?? []).find(
          (service) => service.id !== id && service.listeners?.includes(listener.id) && (service.hosts ?? ['*']).includes('*'),
        )
  return owner ? [error('port', `“${owner.name ?? owner.id}” already has port ${port}. Choose another port.`)] : []
}

function backendRules(draft: ServiceDraft): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  const machine = draft.kind === 'machine'
  for (const { key, url, weight } of draft.backends) {
    const field = `backends.${key}.url`
    const parsed = parseBackendUrl(url)
    const place = typeof parsed === 'string' ? null : `${parsed.host}:${parsed.port}`
    const wrong = machine ? machineProblem(url) : url === '' ? 'Enter the address of the program, such as 192.168.1.20:8080.' : null
    if (wrong !== null) problems.push(error(field, wrong))
    else if (place !== null && seen.has(place)) problems.push(error(field, `${place} is already in the list. Remove one of the two.`))
    if (place !== null) seen.add(place)
    const uneven = wholeNumberProblem(weight, 'services.backends.weight')
    if (uneven !== null) problems.push(error(`backends.${key}.weight`, uneven))
  }
  return problems
}

function machineProblem(url: string): string | null {
  if (url === '') return 'Enter the address of the machine, such as 192.168.1.55.'
  const scheme = /^([a-z][a-z0-9+.-]*:\/\/)/i.exec(url)?.[1]
  if (scheme !== undefined && !/^(?:tcp|udp):/i.test(scheme)) return `Leave out ${scheme} and write host and port, such as 192.168.1.55:22.`
  const bare = machineAddress(url)
  return /:[^\]]*$/.test(bare) ? null : `Add the port, as in ${bare}:9000.`
}

/** Fields that take whole numbers; empty, the default holds. */
const COUNTS = ['health.rise', 'health.fall', 'retry.attempts', 'maxConnections'] as const satisfies readonly AdvancedField[]

function countRules({ advanced }: ServiceDraft): Problem[] {
  return COUNTS.flatMap((field) => {
    const wrong = advanced[field].trim() === '' ? null : wholeNumberProblem(advanced[field], documentPlace(field))
    return wrong === null ? [] : [error(field, wrong)]
  })
}

function rateRules({ rate }: ServiceDraft): Problem[] {
  const wrong = rate.trim() === '' ? null : wholeNumberProblem(rate, 'services.rateLimit.requests')
  return wrong === null ? [] : [error('rate', wrong)]
}

/** What may be wanted all the same. */
export function warnings({ kind, access, hosts }: ServiceDraft): Problem[] {
  if (access !== 'anyone' || kind === 'machine') return []
  return hosts.flatMap((host, at) =>
    /\.(local|lan|internal|home\.arpa)\.?$/i.test(host)
      ? [{ field: `hosts.${at}`, level: 'warning' as const, message: 'Phones and browsers outside will not find this name.' }]
      : [],
  )
}

function error(field: string, message: string): Problem {
  return { field, level: 'error', message }
}
