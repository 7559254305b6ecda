import type { Api, ResultOf } from './api'
import { CallError } from './failure'

/** A call's result as its schema has it. Throws a CallError where the other side answered something else. */
export function parseResult<A extends Api, Name extends keyof A & string>(api: A, name: Name, answer: unknown): ResultOf<A, Name> {
  const parsed = api[name]?.result.safeParse(answer)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what this call's own result schema gives out
  if (parsed?.success) return parsed.data as ResultOf<A, Name>
  const issue = parsed?.error.issues[0]
  throw notUnderstood(name, issue === undefined ? undefined : `${issue.path.join('.') || 'all of it'}: ${issue.message}`)
}

/** The failure of a call whose answer is not what it should be. */
export function notUnderstood(name: string, detail?: string): CallError {
  return new CallError(
    'AR_INTERNAL',
    `The answer to “${name}” could not be understood${detail === undefined ? '' : ` (${detail})`}. Perhaps AstroRelay was updated meanwhile: reload the page, or restart AstroRelay.`,
  )
}
