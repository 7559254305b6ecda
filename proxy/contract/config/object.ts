import { z } from 'zod'

/**
 * An object that refuses keys it does not know: in a hand-written file they are usually typos, and a silently ignored
 * `acces` would leave a service open.
 */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `unknown key; known here: ${Object.keys(shape).join(', ')}`
      if (issue.code === 'invalid_type') return issue.input === undefined ? 'this is missing' : 'write an object { … } here'
      return undefined
    },
  })
}
