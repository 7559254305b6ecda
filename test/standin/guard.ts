import { EventEmitter } from 'node:events'

/** What Node, Vitest and Playwright look for on any object. */
const LOOKED_FOR = new Set(['then', 'toJSON', 'domain', 'nodeType', 'asymmetricMatch', 'inspect', '$$typeof'])

/** The end of a prototype chain that throws for what is missing, so that an app never gets a silent undefined. */
function guardingPrototype(name?: string): object {
  return new Proxy(Object.prototype, {
    get(target, key, self: object) {
      if (key in target || typeof key === 'symbol' || key.startsWith('_') || LOOKED_FOR.has(key))
        return Reflect.get(target, key, self) as unknown
      throw new Error(`electron stand-in: ${name ?? self.constructor.name}.${key} is not implemented`)
    },
  })
}

/** Makes every access to what `object` has not an error that names it. */
export function guard<T extends object>(name: string, object: T): T {
  return Object.setPrototypeOf(object, guardingPrototype(name)) as T
}

// EventEmitter's methods are copied, so that the guard and not EventEmitter ends the prototype chain.
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the methods come by assignment below
export interface Emitter extends EventEmitter {}
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging, typescript/no-extraneous-class
export class Emitter {
  constructor() {
    EventEmitter.call(this)
  }
}
Object.setPrototypeOf(Emitter.prototype, guardingPrototype())
for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(EventEmitter.prototype))) {
  if (key !== 'constructor') Object.defineProperty(Emitter.prototype, key, descriptor)
}

export class PreventableEvent {
  defaultPrevented = false

  preventDefault(): void {
    this.defaultPrevented = true
  }
}

/** Our object in the place of Electron's; what of it is missing throws. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it says as what the object is used
export function real<T>(object: unknown): T {
  return object as T
}
