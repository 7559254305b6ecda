import type { Service } from '../../contract/config/service'

/** A service's changes to the fields of one direction, ready for messages. */
export interface HeaderRules {
  /** Names in small letters of fields that go: removed or set anew. */
  readonly dropped: ReadonlySet<string>
  /** Fields that come: name, value, …. */
  readonly set: readonly string[]
}

/** Compiles the changes; null where there are none, so that messages need not be looked through. */
export function compileHeaderRules({ set, remove }: Service['headers']['request']): HeaderRules | null {
  const names = [...remove, ...Object.keys(set)]
  return names.length === 0 ? null : { dropped: new Set(names.map((name) => name.toLowerCase())), set: Object.entries(set).flat() }
}
