import { useCallback, useEffect, useRef, useState } from 'react'
import { elapsed } from '../../../proxy/contract/clock'
import { CallError } from '../../../proxy/contract/failure'
import type { LockdownOverview, Proof } from '../../../proxy/contract/lockdown-api'
import { useClient } from '../../state/hooks'
import { showToast } from '../../ui/toast'
import { forgetOvertaken } from './known-secrets'
import { tally, withTold } from './told-proofs'

export interface LockdownView {
  /** Null until the first answer. */
  readonly overview: LockdownOverview | null
  /** Why there is no answer. */
  readonly failure: string | null
  readonly again: () => Promise<void>
  /** Services that are being verified now. */
  readonly verifying: ReadonlySet<string>
  /** Tries to get past the gateway; with several services it says how they came out. */
  readonly verify: (services: readonly string[]) => Promise<void>
}

/** Every service's lock-down, asked for again whenever a proof or the configuration changes. */
export function useLockdown(): LockdownView {
  const client = useClient()
  const [overview, setOverview] = useState<LockdownOverview | null>(null)
  const [told, setTold] = useState<ReadonlyMap<string, Proof>>(new Map())
  const [failure, setFailure] = useState<string | null>(null)
  const [verifying, setVerifying] = useState<ReadonlySet<string>>(new Set())
  const asked = useRef(0)

  const again = useCallback(async () => {
    const mine = ++asked.current
    const at = elapsed()
    const answer = await client.call('lockdown', {}).catch((error: unknown) => whyNot(error))
    // The answer to an older question must not overwrite a newer one.
    if (mine !== asked.current) return
    setFailure(typeof answer === 'string' ? answer : null)
    if (typeof answer === 'string') return
    forgetOvertaken(answer.services, at)
    setOverview(answer)
  }, [client])

  useEffect(() => {
    const refresh = (): void => void again()
    const ends = [
      client.on('lockdown', refresh),
      client.on('config', refresh),
      client.onConnection((connection) => void (connection === 'live' && refresh())),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [client, again])

  async function verifyOne(service: string): Promise<readonly Proof[] | string> {
    setVerifying((before) => new Set([...before, service]))
    const answer = await client.call('lockdown.verify', { service }).catch((error: unknown) => whyNot(error))
    setVerifying((before) => new Set([...before].filter((other) => other !== service)))
    if (typeof answer === 'string') return answer
    setTold((before) => new Map([...before, ...answer.backends.map(({ backend, proof }) => [`${service}/${backend}`, proof] as const)]))
    return answer.backends.map(({ proof }) => proof)
  }

  async function verify(services: readonly string[]): Promise<void> {
    const answers = await Promise.all(services.map(verifyOne))
    await again()
    const failed = answers.find((answer) => typeof answer === 'string')
    const proofs = answers.flatMap((answer) => (typeof answer === 'string' ? [] : answer))
    if (failed !== undefined)
      showToast({ tone: 'down', text: proofs.length === 0 ? 'Nothing was verified.' : 'Not everything was verified.', detail: failed })
    else if (services.length > 1) showToast({ tone: proofs.every(({ state }) => state === 'locked') ? 'ok' : 'warn', text: tally(proofs) })
  }

  return { overview: overview === null ? null : withTold(overview, told), failure, again, verifying, verify }
}

export function whyNot(error: unknown): string {
  if (error instanceof CallError) return error.message
  throw error
}
