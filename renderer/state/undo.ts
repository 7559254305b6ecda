import { createStore, type Store } from './store'

/** A saved change that can be taken back and made again. */
export interface Undoable {
  /** What was done: "Deleted Office wiki". */
  readonly summary: string
  undo(): Promise<boolean>
  redo(): Promise<boolean>
}

interface Stacks {
  readonly done: readonly Undoable[]
  readonly undone: readonly Undoable[]
}

/** The changes of this window, for Ctrl Z and Ctrl Shift Z. */
export interface UndoStack extends Store<Stacks> {
  push(change: Undoable): void
  /** Takes this change back, or the last one; its summary, or null where there was none or it failed. */
  undo(change?: Undoable): Promise<string | null>
  redo(): Promise<string | null>
}

const KEPT = 50

export function createUndoStack(): UndoStack {
  const store = createStore<Stacks>({ done: [], undone: [] })
  return {
    ...store,
    push: (change) => store.set({ done: [...store.get().done, change].slice(-KEPT), undone: [] }),
    async undo(change = store.get().done.at(-1)) {
      if (!change || !store.get().done.includes(change)) return null
      store.set({ done: store.get().done.filter((other) => other !== change), undone: [...store.get().undone, change] })
      return (await change.undo()) ? change.summary : null
    },
    async redo() {
      const change = store.get().undone.at(-1)
      if (!change) return null
      store.set({ done: [...store.get().done, change], undone: store.get().undone.slice(0, -1) })
      return (await change.redo()) ? change.summary : null
    },
  }
}
