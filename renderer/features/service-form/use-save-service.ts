import { useRef, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import type { AccessImpact } from '../../../proxy/contract/access-api'
import type { Issue } from '../../../proxy/contract/issue'
import { endedDetail } from '../../lib/ended-words'
import { asSentence } from '../../lib/format'
import { lockedOut } from '../../state/lock-out'
import { navigate } from '../../state/route'
import { useSession } from '../../state/session'
import { showToast } from '../../ui/toast'
import { opensToAnyone } from './model/access-choice'
import { buildCandidate } from './model/candidate'
import { fieldOf, type Problem } from './model/fields'
import { changedSince, type Since } from './model/rebase'
import { normalise } from './model/typed-address'
import { forgetUnsaved, NEW } from './unsaved'
import type { FormStart, ServiceForm } from './use-service-form'

/** What a person is asked before the form is saved. */
export type Question =
  | { readonly kind: 'anyone'; readonly noSignIn: boolean }
  | { readonly kind: 'moved'; readonly since: Since }
  | { readonly kind: 'discard' }
  | { readonly kind: 'lock-out'; readonly impact: AccessImpact }

export interface SaveState {
  readonly saving: boolean
  readonly question: Question | null
  readonly ask: (question: Question | null) => void
  /** Saves, or shows what is in the way. */
  readonly save: (answers?: { readonly toAnyone?: boolean; readonly overTheirs?: boolean; readonly lockOut?: boolean }) => Promise<void>
}

/** Thrown out of a change that would overwrite what someone else saved; caught right where the change is made. */
class Moved extends Error {
  readonly since: Since
  constructor(since: Since) {
    super('The service was changed meanwhile.')
    this.since = since
  }
}

export function useSaveService(form: ServiceForm, { saved, service }: FormStart, focusFirstError: () => void): SaveState {
  const { config, client } = useSession()
  const busy = useRef(false)
  const [saving, setSaving] = useState(false)
  const [question, ask] = useState<Question | null>(null)
  const id = service?.id ?? null

  async function save(answers: { toAnyone?: boolean; overTheirs?: boolean; lockOut?: boolean } = {}): Promise<void> {
    // Ctrl S comes faster than a button can be disabled.
    if (busy.current) return
    ask(null)
    form.showAll()
    if (form.problems.some(({ level }) => level === 'error')) return focusFirstError()
    const { service: wanted, document: candidate } = buildCandidate(form.context.document, form.draft, id)
    const opened = service === null ? form.draft.access === 'anyone' : opensToAnyone(service.access, wanted.access)
    if (opened && !answers.toAnyone) return ask({ kind: 'anyone', noSignIn: noSignIn(form) })
    const impact = answers.lockOut || service === null ? null : await lockedOut(client, candidate)
    if (impact !== null) return ask({ kind: 'lock-out', impact })
    busy.current = true
    setSaving(true)
    const name = normalise(form.draft).name
    const summary = service === null ? `Added ${name}` : opened ? `Opened ${name} to anyone` : `Changed ${name}`
    try {
      const change = await config.change(summary, (latest) => overlay(latest, answers.overTheirs ?? false))
      if (!change.ok) return refused(change.issues, change.message)
      forgetUnsaved(id ?? NEW)
      void change.undone.then(
        showToast({
          tone: 'ok',
          text: summary,
          ...endedDetail(change.ended),
          action: { label: 'Undo', run: () => void takeBack(change.undo) },
        }),
      )
      navigate({ screen: 'service', id: id ?? newId(saved.document, change.document) ?? wanted.id }, { replace: true })
    } catch (error) {
      if (!(error instanceof Moved)) throw error
      ask({ kind: 'moved', since: error.since })
    } finally {
      busy.current = false
      setSaving(false)
    }
  }

  async function takeBack(undo: () => Promise<boolean>): Promise<void> {
    // The page of a service that is no more would be a dead end.
    if ((await undo()) && service === null) navigate({ screen: 'services' }, { replace: true })
  }

  function overlay(latest: ConfigDocument, overTheirs: boolean): ConfigDocument {
    const since = changedSince(saved.document, latest, id)
    if (since.kind !== 'untouched' && !overTheirs) throw new Moved(since)
    return buildCandidate(latest, form.draft, since.kind === 'deleted' ? null : id).document
  }

  function refused(issues: readonly Issue[], message: string): void {
    const at = (form.context.document.services ?? []).findIndex((other) => other.id === id)
    const prefix = `services[${at < 0 ? (form.context.document.services ?? []).length : at}].`
    const problems = issues.map(({ path, message }): Problem => ({
      field: path.startsWith(prefix) ? fieldOf(path.slice(prefix.length), form.draft) : 'form',
      level: 'error',
      message: asSentence(message),
    }))
    form.refuse(problems.length > 0 ? problems : [{ field: 'form', level: 'error', message: asSentence(message) }])
  }

  return { saving, question, ask, save }
}

/** The one service that the saved document has and the former had not. */
function newId(before: ConfigDocument, after: ConfigDocument): ServiceDocument['id'] | undefined {
  const known = new Set((before.services ?? []).map(({ id }) => id))
  return after.services?.findLast(({ id }) => !known.has(id))?.id
}

/** Whether a backend let us in without asking who we are. */
function noSignIn({ findings }: ServiceForm): boolean {
  return [...findings.values()].some(
    (finding) =>
      finding.kind === 'done' && finding.verdict.verdict === 'ok' && finding.verdict.status !== null && finding.verdict.status < 300,
  )
}
