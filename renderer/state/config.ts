import type { Config, ConfigDocument } from '../../proxy/contract/config/document'
import { CallError } from '../../proxy/contract/failure'
import type { Issue } from '../../proxy/contract/issue'
import { withKnownLists } from '../../proxy/contract/known-lists'
import { configParsing, type ParsedConfig } from '../../proxy/contract/parse'
import type { ControlClient } from '../api/client'
import { inSlices } from '../lib/in-slices'
import { merge } from '../lib/merge'
import { createStore, type Store } from './store'
import type { Undoable, UndoStack } from './undo'

/** The saved configuration: as written, and with every default in place. */
export interface SavedConfig {
  readonly revision: string
  readonly document: ConfigDocument
  readonly config: Config
}

export type Change =
  | {
      readonly ok: true
      readonly document: ConfigDocument
      /** Open connections that it has ended. */
      readonly ended: number
      readonly undo: () => Promise<boolean>
      /** Kept once it was taken back, here or by key. */
      readonly undone: Promise<void>
    }
  | { readonly ok: false; readonly message: string; readonly issues: readonly Issue[] }

export type Mutate = (document: ConfigDocument) => ConfigDocument

/** The configuration as this window knows it. */
export interface ConfigStore extends Store<SavedConfig | null> {
  refresh(): Promise<void>
  /**
   * Saves what `mutate` makes of the document. When someone else saved meanwhile, it is made of theirs. `summary` is what
   * History says. A refused change is a value, with the issues' paths in the document that was sent.
   */
  change(summary: string, mutate: Mutate): Promise<Change>
}

const TRIES = 4

/** `onNote`: hears of a secret that had to be made anew, since nobody knew the one behind its mask. */
export function startConfig(client: ControlClient, undoStack: UndoStack, onNote: (note: Issue) => void = () => undefined): ConfigStore {
  const store = createStore<SavedConfig | null>(null)
  let asked = 0
  let shown = 0

  async function refresh(): Promise<void> {
    const mine = ++asked
    const answer = await client.call('config.get', {}).catch(() => null)
    const parsed = answer && (await parse(answer.document))
    // Only a newer one makes an answer stale: who saved and waits for this must find at least that afterwards.
    if (!answer || !parsed?.ok || mine < shown) return
    shown = mine
    store.set({ revision: answer.revision, document: parsed.document, config: parsed.config })
  }

  /** Long lists that say what they said are the ones that are shown already: they are not checked again. */
  async function parse(document: unknown): Promise<ParsedConfig> {
    const known = store.get()?.document
    return inSlices(configParsing(known === undefined ? document : await inSlices(withKnownLists(document, known))))
  }

  async function put(summary: string, mutate: Mutate): Promise<{ before: ConfigDocument; after: ConfigDocument; ended: number }> {
    for (let tries = 1; ; tries++) {
      if (store.get() === null || tries > 1) await refresh()
      const saved = store.get()
      if (!saved) throw new CallError('AR_ENGINE', 'AstroRelay does not answer, so nothing was saved.')
      const after = mutate(saved.document)
      try {
        const { notes, ended } = await client.call('config.put', {
          document: after,
          baseRevision: saved.revision,
          by: 'window',
          // A person at the form may have mistyped an address.
          moves: 'watched',
          summary,
        })
        await refresh()
        const secret = notes.find(({ path }) => path.includes('.lockdown.'))
        if (secret !== undefined) onNote(secret)
        return { before: saved.document, after, ended }
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== 'AR_CONFLICT' || tries === TRIES) throw error
      }
    }
  }

  async function attempt(summary: string, mutate: Mutate): Promise<boolean> {
    return put(summary, mutate).then(
      () => true,
      () => false,
    )
  }

  async function change(summary: string, mutate: Mutate): Promise<Change> {
    try {
      const { before, after, ended } = await put(summary, mutate)
      let tellUndone: (() => void) | undefined
      const undone = new Promise<void>((resolve) => {
        tellUndone = resolve
      })
      const step: Undoable = {
        summary,
        async undo() {
          const done = await attempt(`Took back: ${summary}`, (now) => merge(after, before, now))
          if (done) tellUndone?.()
          return done
        },
        redo: () => attempt(summary, (now) => merge(before, after, now)),
      }
      undoStack.push(step)
      return { ok: true, document: after, ended, undo: async () => (await undoStack.undo(step)) !== null, undone }
    } catch (error) {
      if (error instanceof CallError) return { ok: false, message: error.message, issues: error.issues }
      throw error
    }
  }

  client.on('config', () => void refresh())
  client.onConnection((connection) => void (connection === 'live' ? refresh() : undefined))
  return { ...store, refresh, change }
}
