import { useRef, useSyncExternalStore } from 'react'

/** A value that components watch. */
export interface Store<T> {
  readonly get: () => T
  readonly set: (next: T) => void
  /** Hears every change; returns what stops it. */
  readonly subscribe: (listener: () => void) => () => void
}

/** A store with this first value. Setting the value it has tells nobody. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A store's value, or the part of it that `select` takes; the component is drawn again only when that part is not `same`. */
export function useStore<T>(store: Store<T>): T
export function useStore<T, S>(store: Store<T>, select: (value: T) => S, same?: (before: S, after: S) => boolean): S
export function useStore<T, S>(store: Store<T>, select?: (value: T) => S, same: (before: S, after: S) => boolean = Object.is): T | S {
  const last = useRef<{ readonly part: S } | null>(null)
  return useSyncExternalStore<T | S>(store.subscribe, () => {
    if (!select) return store.get()
    const part = select(store.get())
    if (last.current === null || !same(last.current.part, part)) last.current = { part }
    return last.current.part
  })
}

/** Whether two lists hold the same things in the same order. */
export function sameList<T>(before: readonly T[], after: readonly T[]): boolean {
  return before.length === after.length && before.every((item, index) => Object.is(item, after[index]))
}
