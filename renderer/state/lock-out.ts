import type { AccessImpact } from '../../proxy/contract/access-api'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { ControlClient } from '../api/client'

/** Whom a document would lock out who was let in during the last hour, or whose open connections it would end; null: nobody, or nobody can tell. */
export async function lockedOut(client: ControlClient, document: ConfigDocument): Promise<AccessImpact | null> {
  const impact = await client.call('access.impact', { document }).catch(() => null)
  return impact === null || (impact.total === 0 && impact.running === 0) ? null : impact
}
