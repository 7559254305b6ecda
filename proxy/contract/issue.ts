import { z } from 'zod'

/** What is wrong, where, and what to do: the one form of a configuration error in form, file, CLI and API. */
export const issueSchema = z.object({ path: z.string(), message: z.string() })
export type Issue = z.output<typeof issueSchema>

/** A place in the document as people write it: `services[0].backends[1].url`. */
export function formatPath(segments: readonly PropertyKey[]): string {
  let text = ''
  for (const segment of segments) {
    if (typeof segment === 'number') text += `[${segment}]`
    else text += text === '' ? String(segment) : `.${String(segment)}`
  }
  return text
}

/** One line of `astrorelay check`. */
export function formatIssue(issue: Issue): string {
  return issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`
}
