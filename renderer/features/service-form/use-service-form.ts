import { useMemo, useState } from 'react'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import type { PortVerdict } from '../../../proxy/contract/calls/doctor'
import { asSentence } from '../../lib/format'
import type { ExposeKind } from '../../state/route'
import { sameJson } from '../../lib/same-json'
import type { SavedConfig } from '../../state/config'
import { useConfig, useInfo } from '../../state/hooks'
import { checkDraft, type CheckContext } from './model/check-draft'
import { draftOf, emptyDraft, protocolOf, type ServiceDraft } from './model/draft'
import { type FieldName, inOrder, type Problem } from './model/fields'
import { listenAddress } from './model/listeners'
import { hasVpn, machineAddress } from './model/machine-draft'
import { withKind } from './model/switch-kind'
import { normalise, spreadAddress } from './model/typed-address'
import { type Finding, useBackendTests } from './use-backend-tests'
import { NEW, type Unsaved, useKeepUnsaved } from './unsaved'
import { usePortTest } from './use-port-test'

export interface FormStart {
  /** The configuration when the form was opened. */
  readonly saved: SavedConfig
  /** The service to change; null: a new one. */
  readonly service: ServiceDocument | null
  readonly given?: {
    readonly url: string
    readonly name: string
    readonly kind?: ExposeKind | undefined
    readonly folder?: string | undefined
  }
  /** What was typed before another screen was opened. */
  readonly unsaved?: Unsaved | null
}

/** The form while it is filled in. */
export interface ServiceForm {
  readonly draft: ServiceDraft
  readonly dirty: boolean
  readonly context: CheckContext
  /** The address that it listens on once it is saved. */
  readonly listensOn: string
  readonly networks: readonly string[]
  readonly addresses: readonly string[]
  readonly findings: ReadonlyMap<string, Finding>
  readonly port: PortVerdict | null
  /** Everything that is wrong, shown yet or not. */
  readonly problems: readonly Problem[]
  /** The error at a field, once it is time to show it. */
  readonly error: (field: FieldName) => string | null
  readonly warning: (field: FieldName) => string | null
  readonly set: (change: Partial<ServiceDraft>) => void
  /** Asks the questions of another kind; what was typed comes back with its kind. */
  readonly setKind: (kind: ExposeKind) => void
  /** The field was left: from now on it is checked on every key, and what was pasted into it goes where it belongs. */
  readonly left: (field: FieldName) => void
  readonly showAll: () => void
  /** Shows what the host found that the form could not. */
  readonly refuse: (problems: readonly Problem[]) => void
  readonly testNow: () => void
}

export function useServiceForm({ saved, service, given, unsaved }: FormStart): ServiceForm {
  const info = useInfo()
  const [vpn] = useState(() => hasVpn(info?.interfaces ?? [], saved.document.settings?.vpnInterfaces ?? []))
  const [initial] = useState(() => (service ? draftOf(saved.document, service) : emptyDraft(given)))
  const [draft, setDraft] = useState(() => {
    const begun = unsaved?.draft ?? initial
    return withKind(begun, given?.kind ?? begun.kind, vpn)
  })
  const [seen, setSeen] = useState<ReadonlySet<FieldName> | 'all'>(new Set<FieldName>())
  const [refused, setRefused] = useState<readonly Problem[]>([])
  const document = useConfig()?.document ?? saved.document
  const { findings, testNow } = useBackendTests(draft)
  const present = document.services?.find(({ id }) => id === service?.id)
  const listensOn = listenAddress(document, draft, present)
  const port = usePortTest(normalise(draft).port, protocolOf(draft), document, listensOn)

  const context = useMemo<CheckContext>(() => {
    const console = info?.console ? Number(new URL(info.console).port) : undefined
    return {
      document,
      id: service?.id ?? null,
      surroundings: { ownAddresses: info?.addresses ?? [], ...(console === undefined ? {} : { consolePort: console }) },
    }
  }, [document, info, service])
  const problems = useMemo(
    () => inOrder([...checkDraft(draft, context), ...portProblem(port), ...refused]),
    [draft, context, port, refused],
  )
  const find = (field: FieldName, level: Problem['level']): string | null =>
    problems.find((problem) => problem.field === field && problem.level === level)?.message ?? null

  function set(change: Partial<ServiceDraft>): void {
    setDraft((before) => ({ ...before, ...change }))
    setRefused([])
  }

  function setKind(kind: ExposeKind): void {
    setDraft((before) => withKind(before, kind, vpn))
    // Its fields were not seen yet.
    setSeen(new Set<FieldName>())
    setRefused([])
  }

  function left(field: FieldName): void {
    setSeen((before) => (before === 'all' || before.has(field) ? before : new Set([...before, field])))
    setDraft((before) => tidied(before, field))
  }

  function test(): void {
    // An address that cannot be asked has its message instead of an answer.
    for (const { key } of draft.backends) left(`backends.${key}.url`)
    testNow()
  }

  // Looking at another kind, and the port that it proposes, are no changes that anybody would miss.
  const dirty = !sameJson(comparable(draft), comparable(withKind(initial, draft.kind, vpn)))
  useKeepUnsaved(service?.id ?? NEW, { saved, draft }, dirty)

  return {
    draft,
    context,
    findings,
    port,
    listensOn,
    problems,
    dirty,
    set,
    setKind,
    left,
    testNow: test,
    networks: info?.networks ?? [],
    addresses: info?.addresses ?? [],
    error: (field) => (seen === 'all' || seen.has(field) || (field === 'port' && port !== null) ? find(field, 'error') : null),
    warning: (field) => find(field, 'warning'),
    showAll: () => setSeen('all'),
    refuse: setRefused,
  }
}

/** A port that another program has cannot be opened: known before saving, so it keeps the form from being saved. */
function portProblem(port: PortVerdict | null): Problem[] {
  if (port === null || port.free || port.own) return []
  return [{ field: 'port', level: 'error', message: asSentence(port.reason ?? 'this port is taken by another program') }]
}

function comparable(draft: ServiceDraft): ServiceDraft {
  const { portProposed } = draft
  const place = (port: string): string => (portProposed ? '' : port)
  return { ...normalise(draft), port: place(draft.port), aside: { ...draft.aside, port: place(draft.aside.port) } }
}

/** What was typed into a field, in its final form. */
function tidied(draft: ServiceDraft, field: FieldName): ServiceDraft {
  const whole = normalise(draft)
  const [section, key] = field.split('.')
  if (section === 'hosts') return draft.kind === 'machine' ? { ...draft, hosts: whole.hosts } : spreadAddress(draft, Number(key))
  if (section === 'port') return { ...draft, port: whole.port }
  if (section === 'path') return { ...draft, path: whole.path }
  if (section === 'root') return { ...draft, root: whole.root }
  if (section === 'to') return { ...draft, to: whole.to }
  if (section !== 'backends') return draft
  return {
    ...draft,
    backends: draft.backends.map((row, at) =>
      row.key === key ? { ...row, url: machineAddress(whole.backends[at]?.url ?? row.url) } : row,
    ),
  }
}
