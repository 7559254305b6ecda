import { z } from 'zod'
import { API_BASE } from '../../proxy/contract/http-form'

const STORE = 'astrorelay-key'
const answerSchema = z.object({ key: z.string().min(1) })

/**
 * The key of this browser tab's session: kept from before, or given in exchange for the one-time token of a sign-in link
 * (`#token=…`: a fragment, which browsers send to nobody). Null where neither is there. Session storage ends with the tab.
 */
export async function findSessionKey(): Promise<string | null> {
  const token = signInToken()
  if (token === undefined) return sessionStorage.getItem(STORE)
  // Out of the address bar and the history before anything else can fail.
  window.history.replaceState(null, '', window.location.pathname)
  const answer = await fetch(`${API_BASE}/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  const parsed = answer.ok ? answerSchema.safeParse(await answer.json()) : null
  if (!parsed?.success) return sessionStorage.getItem(STORE)
  sessionStorage.setItem(STORE, parsed.data.key)
  return parsed.data.key
}

/** Whether the address bar holds a sign-in link. */
export function hasSignInToken(): boolean {
  return signInToken() !== undefined
}

function signInToken(): string | undefined {
  return /^#token=([\w.~-]+)/.exec(window.location.hash)?.[1]
}

/** Forgets a key that the host no longer takes. */
export function forgetSessionKey(): void {
  sessionStorage.removeItem(STORE)
}
