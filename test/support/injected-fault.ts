import { onTestFinished } from 'vitest'
import { faults } from '../../proxy/engine/intake/border'

/** Makes the next call of a method throw, once; afterwards it is as it was. Gives whether that has happened. */
export function breakOnce(holder: object, name: string): () => boolean {
  const own = Object.getOwnPropertyDescriptor(holder, name)
  if (own === undefined) throw new Error(`there is no ${name}`)
  let broken = false
  const mend = (): void => void Object.defineProperty(holder, name, own)
  Object.defineProperty(holder, name, {
    ...own,
    value() {
      mend()
      broken = true
      throw new Error(`an injected fault in ${name}`)
    },
  })
  onTestFinished(mend)
  return () => broken
}

/** What is told of faults from now on, in place of the engine's output. */
export function heardFaults(): readonly string[] {
  const heard: string[] = []
  const { tell } = faults
  faults.tell = (text) => void heard.push(text)
  onTestFinished(() => void (faults.tell = tell))
  return heard
}
