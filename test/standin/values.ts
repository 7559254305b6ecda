/**
 * What may cross Electron's IPC, carried as JSON. Sent to the page as text too, so it stands alone. Electron clones more
 * (Date, Map, buffers); the product sends JSON only, and the rest throws here by name.
 */
export function makeValues() {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- sent as text, the outer function has to stand alone
  function check(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    const name = Object.prototype.toString.call(value).slice(8, -1)
    if (name !== 'Object' && name !== 'Array') throw new Error(`electron stand-in: sending a ${name} over IPC is not implemented`)
    for (const inner of Object.values(value)) check(inner)
  }
  return {
    encode(value: unknown): string {
      // Throws for functions and symbols, as Electron does, and drops prototypes.
      const clone: unknown = structuredClone(value)
      check(clone)
      return JSON.stringify(clone)
    },
    decode: (text: string): unknown => JSON.parse(text) as unknown,
  }
}
