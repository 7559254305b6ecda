import { useConfig } from '../../state/hooks'
import { createStore, useStore } from '../../state/store'

const STORE = 'astrorelay-first-run'
const doneStore = createStore(localStorage.getItem(STORE) === 'done')

/** Whether the first run goes on: nothing was ever exposed here, and the person has not gone on to the services. */
export function useFirstRun(): boolean {
  const done = useStore(doneStore)
  const config = useConfig()
  return !done && config !== null && (config.config.services.length === 0 || startedHere)
}

// A first service must not take the screen away while the person is choosing more.
let startedHere = false

/** Keeps the first run on screen once it has begun. */
export function beginFirstRun(): void {
  startedHere = true
}

/** Ends the first run, in this browser or desktop for good. */
export function endFirstRun(): void {
  startedHere = false
  localStorage.setItem(STORE, 'done')
  doneStore.set(true)
}
