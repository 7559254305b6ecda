import { useCallback, useEffect, useMemo, useState } from 'react'
import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import type { BackendVerdict } from '../../../proxy/contract/calls/doctor'
import { CallError } from '../../../proxy/contract/failure'
import { useClient } from '../../state/hooks'
import { protocolOf, type ServiceDraft } from './model/draft'
import { normalise } from './model/typed-address'

/** What is known of a backend while its address is typed. */
export type Finding =
  | { readonly kind: 'checking' }
  | { readonly kind: 'done'; readonly verdict: BackendVerdict }
  | { readonly kind: 'untested'; readonly message: string }

interface Question {
  readonly url: string
  readonly verify: boolean
  readonly serverName?: string
  readonly host?: string
  readonly expect?: 'ssh' | 'rdp' | 'tls' | 'mysql'
}

interface Asked {
  readonly question: string
  readonly finding: Finding
}

const PAUSE = 400

/** Asks every backend of the form once typing has stopped for 400 ms; the answer to an older address is never shown. */
export function useBackendTests(typed: ServiceDraft): { findings: ReadonlyMap<string, Finding>; testNow: () => void } {
  const client = useClient()
  const [asked, setAsked] = useState<ReadonlyMap<string, Asked>>(new Map())
  const questions = useMemo(() => questionsOf(typed), [typed])

  const ask = useCallback(
    async (key: string, question: Question) => {
      const id = JSON.stringify(question)
      setAsked((before) => new Map(before).set(key, { question: id, finding: { kind: 'checking' } }))
      const finding = await client.call('backend.test', question).then(
        (verdict): Finding => ({ kind: 'done', verdict }),
        (error: unknown): Finding => ({
          kind: 'untested',
          message: error instanceof CallError ? error.message : 'AstroRelay does not answer, so this was not tried.',
        }),
      )
      setAsked((before) => (before.get(key)?.question === id ? new Map(before).set(key, { question: id, finding }) : before))
    },
    [client],
  )

  useEffect(() => {
    const timer = window.setTimeout(() => {
      for (const [key, question] of questions) if (asked.get(key)?.question !== JSON.stringify(question)) void ask(key, question)
    }, PAUSE)
    return () => window.clearTimeout(timer)
  }, [questions, asked, ask])

  const findings = new Map<string, Finding>()
  for (const [key, question] of questions) {
    const known = asked.get(key)
    if (known?.question === JSON.stringify(question)) findings.set(key, known.finding)
  }
  return { findings, testNow: () => questions.forEach((question, key) => void ask(key, question)) }
}

function questionsOf(typed: ServiceDraft): Map<string, Question> {
  const draft = normalise(typed)
  // Folders and redirects have none, and over UDP nothing comes back from a machine that is well.
  if (draft.kind === 'files' || draft.kind === 'redirect' || protocolOf(draft) === 'udp') return new Map()
  // A program behind the gateway may answer by name, and it will see the visitor's one unless told otherwise.
  const host =
    draft.kind === 'web' && draft.sendHost === 'preserve'
      ? draft.hosts.find((name) => /^[\x21-\x7e]+$/.test(name) && !name.includes('*'))
      : undefined
  // A machine that only accepts, and does not greet, would be told to be well here and down by its first check.
  const expected = draft.kind === 'machine' && draft.greeting !== 'none' ? { expect: draft.greeting } : {}
  return new Map(
    draft.backends.flatMap(({ key, url, verify, serverName }): [string, Question][] => {
      if (typeof parseBackendUrl(url) === 'string') return []
      const name = serverName.trim() === '' ? {} : { serverName: serverName.trim() }
      return [[key, { url, verify, ...name, ...(host === undefined ? {} : { host }), ...expected }]]
    }),
  )
}
