import type { ConfigDocument } from '../contract/config/document'
import { MASK } from '../contract/config/secret'
import type { RevisionLog } from './history/revision-log'
import { unmasked } from './lockdown/secrets'
import { secretsOf } from './secrets'

/** The document with its secrets in place; those that only an earlier revision knows are looked for there. */
export async function withSecrets(input: unknown, current: ConfigDocument, history: RevisionLog): Promise<ReturnType<typeof unmasked>> {
  const sought = new Set<string>()
  const filled = unmasked(input, current, (place) => void sought.add(place))
  if (sought.size === 0) return filled
  const found = await earlierSecrets(history, sought)
  return unmasked(input, current, (place) => found.get(place))
}

/** What places held in the newest revision that has something there. */
async function earlierSecrets(history: RevisionLog, places: ReadonlySet<string>): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>()
  for (const { revision } of history.rows('')) {
    if (found.size === places.size) break
    const secrets = secretsOf((await history.readInSlices(revision))?.document)
    for (const place of places) {
      const secret = secrets.get(place)
      if (!found.has(place) && typeof secret === 'string' && secret !== MASK) found.set(place, secret)
    }
  }
  return found
}
