import type { ExposeKind } from '../../../state/route'
import type { AccessChoice } from './access-choice'
import type { PlaceDraft, ServiceDraft } from './draft'
import { completeMachineUrl, machineAddress } from './machine-draft'
import { presetById } from './presets'

/** Who can open a new service: machines begin narrower where there is a VPN (DESIGN §1.2). */
function firstAccess(kind: ExposeKind, vpn: boolean): AccessChoice {
  return kind === 'machine' && vpn ? 'vpn' : 'network'
}

/** The form for another kind. Nothing that was typed is lost: going back brings it back. */
export function withKind(draft: ServiceDraft, kind: ExposeKind, vpn: boolean): ServiceDraft {
  if (kind === draft.kind) return draft
  const access = draft.access === firstAccess(draft.kind, vpn) ? firstAccess(kind, vpn) : draft.access
  const crosses = (kind === 'machine') !== (draft.kind === 'machine')
  return { ...draft, kind, access, ...(crosses ? { ...draft.aside, aside: placeOf(draft) } : {}) }
}

function placeOf({ hosts, port, keptListeners, backends, policy, healthType, advanced }: ServiceDraft): PlaceDraft {
  return { hosts, port, keptListeners, backends, policy, healthType, advanced }
}

/** The form for another kind of machine: ports that were the former kind’s own become the new one’s. */
export function withPreset(draft: ServiceDraft, id: string): ServiceDraft {
  const [before, after] = [presetById(draft.preset), presetById(id)]
  const backends = draft.backends.map((backend) => {
    const host =
      before.port === null || after.port === null
        ? null
        : /^(.+):(\d+)$/.exec(machineAddress(completeMachineUrl(backend.url, before.protocol, before.port)))
    return host?.[1] !== undefined && host[2] === String(before.port) && backend.url.includes(':')
      ? { ...backend, url: `${host[1]}:${after.port}` }
      : backend
  })
  return {
    ...draft,
    preset: after.id,
    greeting: after.greeting,
    backends,
    ...(draft.portProposed ? { port: String(after.port ?? '') } : {}),
  }
}
