import { parseClient } from '../contract/address'
import type { Handlers } from '../contract/api'
import type { engineApi } from '../contract/engine-api'
import { parseConfig } from '../contract/parse'
import type { InterfaceWatch } from './access/interfaces'
import type { AccessGate } from './gate/access-gate'
import { accessCounts, impactOf, testAccess } from './gate/ask-access'
import { compile } from './reload/compile'
import type { World } from './world/world'

type Asked = 'access.test' | 'access.counts' | 'access.impact' | 'access.unblock'

/** What the host may ask about who is let in, by the running rules or by those of a document that is not running. */
export function accessHandlers(world: () => World, gate: AccessGate, interfaces: InterfaceWatch): Pick<Handlers<typeof engineApi>, Asked> {
  /** A document's snapshot beside the running one; or what is wrong with it. */
  function compileAside(document: unknown) {
    const parsed = parseConfig(document)
    return parsed.ok
      ? { ok: true as const, snapshot: compile('', parsed.config, interfaces, []) }
      : { ok: false as const, issues: [...parsed.issues] }
  }

  return {
    'access.test'(question) {
      const aside = question.document === undefined ? { ok: true as const, snapshot: world().snapshot } : compileAside(question.document)
      return aside.ok ? testAccess(question, aside.snapshot, gate, Date.now()) : aside
    },
    'access.counts': () => accessCounts(world().snapshot.config, gate, Date.now()),
    'access.impact'({ document, console }) {
      const aside = compileAside(document)
      return aside.ok ? impactOf(world().snapshot, aside.snapshot, console, gate, Date.now()) : { addresses: [], total: 0 }
    },
    'access.unblock'({ address }) {
      const parsed = parseClient(address)
      return { ended: parsed !== null && gate.blocks.end(parsed, Date.now()) }
    },
  }
}
