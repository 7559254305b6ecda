import { parseClient } from '../contract/address'
import type { Handlers } from '../contract/api'
import { elapsed, present } from '../contract/clock'
import type { engineApi } from '../contract/engine-api'
import { configParsing } from '../contract/parse'
import { inSlices } from '../system/slices'
import type { InterfaceWatch } from './access/interfaces'
import type { AccessGate } from './gate/access-gate'
import { accessCounts } from './gate/access-counts'
import { impactOf, testAccess } from './gate/ask-access'
import { compile } from './reload/compile'
import type { Snapshot } from './world/snapshot'
import type { World } from './world/world'

type Asked = 'access.test' | 'access.counts' | 'access.blocks' | 'access.impact' | 'access.unblock'

/** What the host may ask about who is let in, by the running rules or by those of a document that is not running. */
export function accessHandlers(
  world: () => World,
  gate: AccessGate,
  interfaces: InterfaceWatch,
  wouldEnd: (snapshot: Snapshot) => number,
): Pick<Handlers<typeof engineApi>, Asked> {
  /** A document's snapshot beside the running one; or what is wrong with it. */
  async function compileAside(document: unknown) {
    const parsed = await inSlices(configParsing(document))
    return parsed.ok
      ? { ok: true as const, snapshot: await inSlices(compile('', parsed.config, interfaces, [])) }
      : { ok: false as const, issues: [...parsed.issues] }
  }

  return {
    async 'access.test'(question) {
      const { document } = question
      const aside = document === undefined ? { ok: true as const, snapshot: world().snapshot } : await compileAside(document)
      return aside.ok ? testAccess(question, aside.snapshot, gate, present()) : aside
    },
    'access.counts': () => inSlices(accessCounts(world().snapshot.config, gate, elapsed())),
    'access.blocks': () => gate.blocks.toHand(elapsed()),
    async 'access.impact'({ document, console }) {
      const aside = await compileAside(document)
      if (!aside.ok) return { addresses: [], total: 0, running: 0 }
      return { ...impactOf(world().snapshot, aside.snapshot, console, gate, present()), running: wouldEnd(aside.snapshot) }
    },
    'access.unblock'({ address }) {
      const parsed = parseClient(address)
      return { ended: parsed !== null && gate.blocks.end(parsed, elapsed()) }
    },
  }
}
