import { useState } from 'react'
import { CallError } from '../../../proxy/contract/failure'
import type { LockdownChoice } from '../../../proxy/contract/lockdown-api'
import { useClient } from '../../state/hooks'
import { showToast } from '../../ui/toast'
import { forgetNext, forgetSecrets, learnCurrent, learnNext, takeNext } from './known-secrets'

const by = 'window'

export interface GuideActions {
  /** Which of them runs now; meanwhile the others do nothing. */
  readonly busy: 'set' | 'rotate' | 'finish' | 'keep' | 'end' | null
  /** Each says whether it was done; what went wrong was told. */
  readonly set: (method: LockdownChoice, version: 'v1' | 'v2') => Promise<boolean>
  readonly rotate: () => Promise<boolean>
  readonly finish: (force: boolean) => Promise<boolean>
  /** Gives a rotation up. */
  readonly keep: () => Promise<boolean>
  readonly end: () => Promise<boolean>
  /** Why the new secret was not used; null: it was not tried, or it was. */
  readonly notYet: string | null
}

/** What the guide does to a service. Secrets are told once, and kept in this window's memory. */
export function useGuide(service: string, name: string, again: () => Promise<void>): GuideActions {
  const client = useClient()
  const [busy, setBusy] = useState<GuideActions['busy']>(null)
  const [notYet, setNotYet] = useState<string | null>(null)

  async function run(what: NonNullable<GuideActions['busy']>, work: () => Promise<void>): Promise<boolean> {
    if (busy !== null) return false
    setBusy(what)
    setNotYet(null)
    try {
      await work()
      await again()
      return true
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      if (what === 'finish' && error.code === 'AR_INVALID') setNotYet(error.message)
      else showToast({ tone: 'down', text: 'Nothing was changed.', detail: error.message })
      return false
    } finally {
      setBusy(null)
    }
  }

  return {
    busy,
    notYet,
    set: (method, version) =>
      run('set', async () => {
        const { secret } = await client.call('lockdown.set', { service, method, version, by })
        if (secret !== null) learnCurrent(service, secret.value)
      }),
    rotate: () =>
      run('rotate', async () => {
        const { secret } = await client.call('lockdown.rotate', { service, by })
        learnNext(service, secret.value)
      }),
    finish: (force) =>
      run('finish', async () => {
        await client.call('lockdown.finish', { service, force, by })
        takeNext(service)
        showToast({ tone: 'ok', text: `${name} uses its new secret`, detail: 'The old one can be taken off the backends.' })
      }),
    keep: () =>
      run('keep', async () => {
        await client.call('lockdown.keep', { service, by })
        forgetNext(service)
        showToast({ tone: 'ok', text: `${name} keeps its secret`, detail: 'The new one is forgotten.' })
      }),
    end: () =>
      run('end', async () => {
        await client.call('lockdown.end', { service, by })
        forgetSecrets(service)
        showToast({ tone: 'ok', text: `Removed the lock-down of ${name}` })
      }),
  }
}
