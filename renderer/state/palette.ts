import { createStore } from './store'

/** Whether search and commands are open. */
export const paletteStore = createStore(false)
