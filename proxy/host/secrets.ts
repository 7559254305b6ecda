import { MASK } from '../contract/config/secret'
import { formatPath, type Issue } from '../contract/issue'
import { mapSecrets, masked, type SecretPlace } from '../contract/secrets'

/** What a place held before it was taken out: bringing a service back must not lock it out. By the place's names, as JSON. */
export type EarlierSecret = (place: string) => unknown

/** The secrets of a document by their places' names, as JSON. */
export function secretsOf(document: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  mapSecrets(document, (value, { names }) => {
    found.set(JSON.stringify(names), value)
    return value
  })
  return found
}

/** Where masks stand for secrets that nobody knows: they would be sent, or let in, and are none. */
export function maskIssues(document: unknown): Issue[] {
  const issues: Issue[] = []
  mapSecrets(document, (value, { path, names }) => {
    const made = names.includes('lockdown') ? ', or import the file, which makes a new one' : ''
    if (value === MASK)
      issues.push({
        path: formatPath(path),
        message: `this is the mask of a secret, which AstroRelay does not know for this place; write the secret itself${made}`,
      })
    return value
  })
  return issues
}

/** Finds what the masks of a document stand for, which comes from outside and may have been reordered, renamed and copied. */
export class MaskedDocument {
  readonly #document: unknown
  readonly #current: unknown
  readonly #earlier: EarlierSecret
  readonly #secrets: ReadonlyMap<string, unknown>
  readonly #places: readonly SecretPlace[]

  constructor(document: unknown, current: unknown, earlier: EarlierSecret = () => undefined) {
    this.#document = document
    this.#current = current
    this.#earlier = earlier
    this.#secrets = secretsOf(current)
    const places: SecretPlace[] = []
    mapSecrets(document, (value, place) => {
      places.push(place)
      return value
    })
    this.#places = places
  }

  /** The document with its secrets in place, as far as they are known. */
  unmask(): unknown {
    return mapSecrets(this.#document, (value, place) => (value === MASK ? (this.find(place) ?? MASK) : value))
  }

  /**
   * The secret of a place: its own; where its service is new here, that of one it is a copy of, or shares its backends with,
   * which know it; that of what was renamed; what was there in an earlier revision.
   */
  find(place: Pick<SecretPlace, 'names' | 'chosen'>): unknown {
    for (const names of [place.names, ...this.#models(place.names).map((id) => replaced(place.names, 1, id))]) {
      const known = this.#secrets.get(JSON.stringify(names)) ?? this.#renamed(place, names)
      if (known !== undefined) return known
    }
    return this.#earlier(JSON.stringify(place.names))
  }

  /** A user or header under another name: the only one that is gone, where this is the only one that is new. `model`: where to look. */
  #renamed({ names, chosen }: Pick<SecretPlace, 'names' | 'chosen'>, model: readonly string[]): unknown {
    // A service is told by what it is, below: under a new name it may be another one.
    if (chosen < 2) return undefined
    const now = within(
      this.#places.map((place) => place.names),
      names,
      chosen,
    )
    const before = within([...this.#secrets.keys()].map(parseNames), model, chosen)
    const gone = [...before].filter((name) => !now.has(name))
    const fresh = [...now].filter((name) => !before.has(name))
    const [old] = gone
    if (old === undefined || gone.length > 1 || fresh.length > 1 || fresh[0] !== names[chosen]) return undefined
    return this.#secrets.get(JSON.stringify(replaced(model, chosen, old)))
  }

  /** The services of now that one under a new id may have its secrets from: those it is a copy of first. */
  #models([root, id]: readonly string[]): string[] {
    const services = servicesOf(this.#current)
    if (root !== 'services' || services.some((service) => service['id'] === id)) return []
    const own = servicesOf(this.#document).find((service) => service['id'] === id)
    if (own === undefined) return []
    const [look, urls] = [likenessOf(own), urlsOf(own)]
    const twins = services.filter((service) => likenessOf(service) === look)
    const neighbours = services.filter((service) => urls !== '[]' && urlsOf(service) === urls)
    return [...twins, ...neighbours].map((service) => String(service['id']))
  }
}

/** What stands at `chosen` where the rest of the names is the same. */
function within(all: readonly (readonly string[])[], names: readonly string[], chosen: number): ReadonlySet<string> {
  const like = JSON.stringify(replaced(names, chosen, ''))
  return new Set(all.filter((other) => JSON.stringify(replaced(other, chosen, '')) === like).map((other) => other[chosen] ?? ''))
}

/** What a service is beside its name and address. */
function likenessOf(service: Readonly<Record<string, unknown>>): string {
  const { id: _id, name: _name, hosts: _hosts, path: _path, listeners: _listeners, enabled: _enabled, ...rest } = service
  return JSON.stringify(masked({ services: [Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))] }))
}

function urlsOf({ backends }: Readonly<Record<string, unknown>>): string {
  const urls: unknown[] = Array.isArray(backends) ? backends.map((backend: unknown) => (isRecord(backend) ? backend['url'] : null)) : []
  return JSON.stringify(urls)
}

function servicesOf(document: unknown): Readonly<Record<string, unknown>>[] {
  const services = isRecord(document) ? document['services'] : undefined
  return Array.isArray(services) ? services.filter(isRecord) : []
}

function replaced(names: readonly string[], at: number, by: string): string[] {
  return names.map((name, index) => (index === at ? by : name))
}

function parseNames(key: string): string[] {
  const names: unknown = JSON.parse(key)
  return Array.isArray(names) ? names.map(String) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
