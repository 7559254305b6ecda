import { z } from 'zod'
import { configSchema } from '../../proxy/contract/config/document'

const propertySchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), propertySchema).optional()
  },
  required: z.array(z.string()).optional(),
  get items() {
    return propertySchema.optional()
  },
})
type Property = z.output<typeof propertySchema>

/** The JSON Schema of the configuration document, for editors. */
export function configurationSchema(): unknown {
  return { title: 'AstroRelay configuration', ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) }
}

/** The reference page: one table for each object of the document, in the order people meet them. */
export function configurationPage(): string {
  const root = propertySchema.parse(configurationSchema())
  return [
    '# Configuration',
    'Made from the schema in `proxy/contract/config/` by `npm run docs`; change it there.',
    'The document is strict JSON. Unknown keys are errors, since they are usually typos. Durations are text (`500ms`, `5s`, `2m`, `1h`, `30d`), sizes too (`512KB`, `1GB`, powers of 1024). `astrorelay check FILE` says what is wrong with a file and where. Editors that know JSON Schema complete and check it with [`configuration.schema.json`](configuration.schema.json).',
    '```json\n' + EXAMPLE + '\n```',
    ...tables('', root),
    ACCESS_ORDER,
  ].join('\n\n') + '\n'
}

const EXAMPLE = `{
  "version": 1,
  "listeners": [{ "id": "web", "address": "0.0.0.0", "port": 8080 }],
  "services": [
    {
      "id": "wiki",
      "name": "Office wiki",
      "hosts": ["wiki.office.lan"],
      "backends": [{ "id": "main", "url": "http://192.168.1.20:8080" }],
      "access": { "rules": [{ "action": "allow", "from": "this-network" }], "default": "deny" }
    }
  ]
}`

const ACCESS_ORDER = `## How access is decided

\`blocked\` comes first, then the service’s \`rules\` in order (a rule with \`list\` stands for that list’s rules, in place), then \`default\`. The first match decides. The client’s address is the other end of its connection; only where that is one of \`settings.trustedProxies\` is it the right-most untrusted address of \`X-Forwarded-For\`. An address that cannot be read is refused.

| preset | stands for |
| --- | --- |
| \`loopback\` | 127.0.0.0/8 and ::1: this machine |
| \`this-network\` | the subnets of this machine’s own interfaces, followed as they change, its loopback included |
| \`lan\` | 10/8, 172.16/12, 192.168/16, fc00::/7 and link-local addresses |
| \`vpn\` | 100.64.0.0/10 |
| \`anyone\` | every IPv4 and IPv6 address |`

function tables(place: string, node: Property): string[] {
  const rows = Object.entries(node.properties ?? {}).map(([key, property]) => row(key, property, node.required?.includes(key) === true))
  const own = `## ${place === '' ? 'The document' : `\`${place}\``}\n\n| key | value | default | what it does |\n| --- | --- | --- | --- |\n${rows.join('\n')}`
  return [own, ...Object.entries(node.properties ?? {}).flatMap(([key, property]) => nested(place === '' ? key : `${place}.${key}`, property))]
}

function nested(place: string, property: Property): string[] {
  if (property.properties) return tables(place, property)
  return property.items?.properties ? tables(`${place}[]`, property.items) : []
}

function row(key: string, property: Property, required: boolean): string {
  const standard = required ? '*required*' : defaultOf(property)
  return `| \`${key}\` | ${valueOf(property)} | ${standard} | ${property.description ?? ''} |`
}

function defaultOf({ default: value }: Property): string {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return ''
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function valueOf(property: Property): string {
  if (property.const !== undefined) return `\`${JSON.stringify(property.const)}\``
  if (property.enum) return property.enum.map((value) => `\`${String(value)}\``).join(' ')
  if (property.type === 'array') return `list of ${property.items?.properties ? 'objects' : 'texts'}`
  if (property.type === 'string') return 'text'
  return String(property.type ?? 'value')
}
