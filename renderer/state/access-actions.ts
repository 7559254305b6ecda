import { useMemo } from 'react'
import { wallTime } from '../../proxy/contract/clock'
import { otherwiseOf } from '../../proxy/contract/config/access'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import { endOfSpan, type SpanId } from '../lib/rules'
import { type Save, useSave } from './save'

/** What can be done about an address from wherever it is seen. Each is saved at once and can be undone. */
export interface AccessActions {
  /** Puts it on the gateway's block list. */
  readonly block: (address: string, span: SpanId, reason?: string) => void
  readonly unblock: (address: string) => void
  /** Refuses it for one service, before all of that one's rules. */
  readonly refuse: (service: string, address: string, span: SpanId) => void
  /** Lets it in to one service, before all of that one's rules. */
  readonly allow: (service: string, address: string) => void
  readonly setClosed: (closed: boolean) => void
}

export function useAccessActions(): AccessActions {
  const save = useSave()
  return useMemo(() => actions(save), [save])
}

function actions(save: Save): AccessActions {
  return {
    block: (from, span, reason) =>
      void save(`Blocked ${from}`, (document) => blocked(document, from, { until: endOfSpan(span, wallTime()), reason })),
    unblock: (from) =>
      void save(`Unblocked ${from}`, (document) => ({
        ...document,
        blocked: (document.blocked ?? []).filter((entry) => entry.from !== from),
      })),
    refuse: (id, from, span) =>
      void save(`Refused ${from}`, (document) => withFirstRule(document, id, { action: 'deny', from, ...until(span) })),
    allow: (id, from) => void save(`Allowed ${from}`, (document) => withFirstRule(document, id, { action: 'allow', from })),
    setClosed: (closed) =>
      void save(closed ? 'Closed everything' : 'Opened everything again', (document) => ({
        ...document,
        settings: { ...document.settings, closed },
      })),
  }
}

function blocked(
  document: ConfigDocument,
  from: string,
  { until: end, reason }: { until: string | undefined; reason: string | undefined },
): ConfigDocument {
  const entry = { from, ...(end === undefined ? {} : { until: end }), ...(reason === undefined || reason === '' ? {} : { reason }) }
  return { ...document, blocked: [...(document.blocked ?? []).filter((known) => known.from !== from), entry] }
}

function until(span: SpanId): { until?: string } {
  const end = endOfSpan(span, wallTime())
  return end === undefined ? {} : { until: end }
}

/** Whom a first rule names is decided by it; everybody else must fare as before, so that what happened without a rule is written down. */
function withFirstRule(
  document: ConfigDocument,
  id: string,
  rule: { action: 'allow' | 'deny'; from: string; until?: string },
): ConfigDocument {
  const services = (document.services ?? []).map((service) => {
    if (service.id !== id) return service
    const rules = service.access?.rules ?? []
    const otherwise = otherwiseOf(service.access, document.accessLists ?? [])
    return {
      ...service,
      access: {
        ...service.access,
        rules: [rule, ...rules.filter(({ from, action }) => from !== rule.from || action !== rule.action)],
        default: otherwise,
      },
    }
  })
  return { ...document, services }
}
