import type { Service } from '../../contract/config/service'
import { variableOf } from './wire/field-kind'

/** A service's changes to the fields of one direction, ready for messages. */
export interface HeaderRules {
  /** Names of fields that go, removed or set anew, as `variableOf` writes them; `isDropped` asks. */
  readonly dropped: ReadonlySet<string>
  /** Fields that come: name, value, …. */
  readonly set: readonly string[]
}

/** Compiles the changes; null where there are none, so that messages need not be looked through. */
export function compileHeaderRules({ set, remove }: Service['headers']['request']): HeaderRules | null {
  const names = [...remove, ...Object.keys(set)]
  return names.length === 0 ? null : { dropped: new Set(names.map(variableOf)), set: Object.entries(set).flat() }
}

/** Whether a field goes, in whatever spelling a backend may take for it. */
export function isDropped({ dropped }: HeaderRules, name: string): boolean {
  const lower = name.toLowerCase()
  return dropped.has(lower) || (/[^a-z0-9-]/.test(lower) && dropped.has(variableOf(lower)))
}
