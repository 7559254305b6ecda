import { z } from 'zod'
import type { HttpForm } from '../../proxy/contract/calls/http-call'
import { controlApi } from '../../proxy/contract/control-api'
import { ERRORS } from '../../proxy/contract/errors'
import { controlEvents } from '../../proxy/contract/events'

/** The reference page of the automation API, from the table that the server and its clients are made of. */
export function apiPage(): string {
  return [
    '# Automation API',
    'Made from `proxy/contract/calls/` and `proxy/contract/control-api.ts` by `npm run docs`; change it there.',
    INTRODUCTION,
    '## Calls',
    ...Object.values(controlApi).map(callSection),
    '## Events',
    '`GET /events` is a stream of server-sent events. `event:` is one of the names below, `data:` its JSON.',
    ...Object.entries(controlEvents).map(([name, schema]) => `### \`${name}\`\n\n${fields(schema)}`),
    '## Error codes',
    'Error pages of the gateway carry a reference that `GET /requests?ref=…` finds.',
    'The kinds: `refused`: the rules, limits or sign-in said no to this client; `client`: what was sent cannot be answered, whoever sent it; `planned`: maintenance; `unavailable`: no backend was usable or had room; `failed`: a backend was asked and did not answer as it should; `control`: of these calls.',
    '| code | kind | status | meaning |\n| --- | --- | --- | --- |\n' + Object.entries(ERRORS).map(([code, error]) => `| \`${code}\` | ${error.kind} | ${error.status} | ${error.meaning} |`).join('\n'),
  ].join('\n\n') + '\n'
}

const INTRODUCTION = `Base: \`http://127.0.0.1:7070/api/v1\` (\`astrorelay serve\` prints the port it took). Every call needs \`Authorization: Bearer TOKEN\`; the token lies in \`console-token\` in the data directory, readable by its owner only.

\`\`\`sh
DATA=~/.config/AstroRelay
curl -H "Authorization: Bearer $(cat $DATA/console-token)" http://127.0.0.1:7070/api/v1/status
\`\`\`

Answers are JSON except \`/metrics\`. Times are epoch milliseconds, durations milliseconds, sizes bytes. A call that is not valid is answered with 400 and a list \`[{"path", "message"}]\`; every other error is \`{"error": {"code", "message"}}\`.`

function callSection(call: { summary: string; params: z.ZodType; result: z.ZodType; http: HttpForm }): string {
  const { http } = call
  const notes = [
    http.body === undefined ? '' : `The body is the \`${http.body}\`.`,
    http.ifMatch === undefined ? '' : `\`If-Match\` is the \`${http.ifMatch}\`.`,
    http.etag === undefined ? '' : `\`ETag\` is the \`${http.etag}\`.`,
    http.answer === undefined ? '' : `The answer is the \`${http.answer}\` itself.`,
  ].filter((note) => note !== '')
  const parameters = fields(call.params, [http.body, http.ifMatch])
  return [
    `### \`${http.method} ${http.path}\``,
    call.summary,
    notes.join(' '),
    parameters === '' ? '' : `Parameters: ${parameters}`,
    answerOf(call.result, http),
  ].filter((part) => part !== '').join('\n\n')
}

const nodeSchema = z.object({ properties: z.record(z.string(), z.unknown()).optional(), items: z.object({ properties: z.record(z.string(), z.unknown()).optional() }).optional() })

function answerOf(result: z.ZodType, http: HttpForm): string {
  if (http.text !== undefined) return `Answer: ${http.text.split(';')[0]}`
  return http.answer === undefined ? `Answer: ${fields(result)}` : ''
}

/** The names a value has, but for those told elsewhere, as a comma-separated list. */
function fields(schema: z.ZodType, told: readonly (string | undefined)[] = []): string {
  const node = nodeSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const list = node.items?.properties ? 'a list of ' : ''
  return list + Object.keys(node.items?.properties ?? node.properties ?? {}).filter((name) => !told.includes(name)).map((name) => `\`${name}\``).join(', ')
}
