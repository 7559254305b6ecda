import { createStore } from './store'

/** Whether it is asked if everything should be closed; the app shows the question, whoever raised it. */
export const closeQuestion = createStore(false)

export function askToClose(): void {
  closeQuestion.set(true)
}
