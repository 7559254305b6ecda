import { REDIRECT_OMITTED } from '../../../../proxy/contract/config/redirect'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { toAsciiHost } from '../../../lib/idn'

/** Where visitors are sent, as it is filled in. */
export interface RedirectDraft {
  readonly to: string
  /** Whether browsers may remember it. */
  readonly forGood: boolean
  readonly keepPath: boolean
}

/** A new one is for now: what browsers remember cannot be taken back. */
export const NEW_REDIRECT: RedirectDraft = { to: '', forGood: false, keepPath: REDIRECT_OMITTED.keepPath }

export function redirectDraftOf({ to, status = REDIRECT_OMITTED.status, keepPath }: ServiceDocument): RedirectDraft {
  return { to: to ?? '', forGood: status === 308 || status === 301, keepPath: keepPath ?? REDIRECT_OMITTED.keepPath }
}

/** What of the document a draft stands for; 301 and 302, which the form does not tell apart from 308 and 307, stay. */
export function writeRedirect(
  draft: RedirectDraft,
  present: ServiceDocument | undefined,
): Pick<ServiceDocument, 'to' | 'status' | 'keepPath'> {
  const before = present === undefined ? undefined : redirectDraftOf(present)
  return {
    to: draft.to === '' ? undefined : draft.to,
    status: draft.forGood === before?.forGood ? present?.status : draft.forGood ? 308 : 307,
    keepPath: draft.keepPath === (before?.keepPath ?? REDIRECT_OMITTED.keepPath) ? present?.keepPath : draft.keepPath,
  }
}

/** The target with its name in the form that browsers send; nothing is guessed. */
export function completeTarget(text: string): string {
  const target = text.trim()
  const match = /^(https?:\/\/)([^/:?#@[\]]+)(.*)$/i.exec(target)
  const ascii = match?.[2] === undefined ? null : toAsciiHost(match[2])
  return ascii === null ? target : `${match?.[1]}${ascii}${match?.[3]}`
}
