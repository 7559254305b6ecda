import { createHash, randomBytes } from 'node:crypto'
import { headerValues } from './header-list'
import { FieldKind } from './wire/field-kind'
import type { FieldLines } from './wire/field-lines'

const NAME_LENGTH = 16

/**
 * How an engine calls itself in `Via` (RFC 9110 §7.6.3): by names made up anew at each start, which tell neither software nor
 * machine. Each service has one of its own: a request may well come through one gateway twice, by way of a sign-in proxy between
 * two of its services, say; only one that comes to the same service again goes round in a circle.
 */
export class ViaNames {
  private readonly names = new Map<string, string>()
  private readonly secret = randomBytes(16)

  of(service: string): string {
    let name = this.names.get(service)
    if (name === undefined) {
      name = createHash('sha256').update(this.secret).update(service).digest('hex').slice(0, NAME_LENGTH)
      this.names.set(service, name)
    }
    return name
  }
}

/** Tells hops apart where `Via` is not wanted, and no header rule can take it out (RFC 8586 §2). */
export const LOOP_FIELD = 'CDN-Loop'

/** The name in a hop's part of `Via`: `1.1 name`. */
export function hopOf(via: string): string {
  return via.slice(via.indexOf(' ') + 1)
}

/** Whether a request says that it has come to the service before. */
export function hasComeBy({ fields, kinds }: FieldLines, names: ViaNames, service: string): boolean {
  if (!kinds.includes(FieldKind.hidden)) return false
  return [...headerValues(fields, 'via'), ...headerValues(fields, 'cdn-loop')].some((value) => value.includes(names.of(service)))
}
