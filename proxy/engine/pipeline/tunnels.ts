import type { RequestContext } from './context'
import type { World } from '../lifecycle/world'

/** The WebSockets that are open. They outlive a reload, so they are asked again when the rules change. */
export class Tunnels {
  private readonly open = new Set<RequestContext>()

  add(context: RequestContext): void {
    this.open.add(context)
  }

  remove(context: RequestContext): void {
    this.open.delete(context)
  }

  /** Ends those that the new world would not let in: blocked or denied now, or the service gone or switched off. */
  review(world: World, now: number): void {
    for (const context of this.open) {
      const service = context.service === null ? undefined : world.snapshot.services.get(context.service.id)
      const welcome = service?.config.enabled === true && world.snapshot.blocked(context.clientAddress, now) === null && service.access.decide(context.clientAddress) === 'allow'
      if (!welcome) context.exchange.cut()
    }
  }
}
