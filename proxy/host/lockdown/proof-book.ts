import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Service } from '../../contract/config/service'
import { parseJson } from '../../contract/json'
import { proofSchema, type Proof } from '../../contract/lockdown-api'
import { writeFileAtomic } from '../store/atomic-file'
import { readBounded } from '../store/storage'

const bookSchema = z.record(z.string(), z.object({ of: z.string(), proof: proofSchema }))
type Book = z.output<typeof bookSchema>
/** Bytes; a proof is about a thousand, and there is one for each backend. */
const MOST = 64 * 1024 ** 2

/** What was proven of each backend, and of which set-up, across restarts. Holds no secret: only whether it changed. */
export class ProofBook {
  readonly #file: string
  readonly #log: (line: string) => void
  #book: Book = {}

  constructor(file: string, log: (line: string) => void) {
    this.#file = file
    this.#log = log
    try {
      this.#book = read(file)
    } catch (error) {
      log(`lock-down: the proofs could not be read, everything is verified anew: ${String(error)}`)
    }
  }

  /** The proof of a backend as it is set up now; null where that has not been verified. */
  read(service: Service, backend: Service['backends'][number]): Proof | null {
    const entry = this.#book[keyOf(service.id, backend.id)]
    return entry !== undefined && entry.of === fingerprint(service, backend) ? entry.proof : null
  }

  write(service: Service, backend: Service['backends'][number], proof: Proof): void {
    this.#book = { ...this.#book, [keyOf(service.id, backend.id)]: { of: fingerprint(service, backend), proof } }
    this.#save()
  }

  /** Forgets backends that are gone. */
  keep(services: readonly Service[]): void {
    const known = new Set(services.flatMap(({ id, backends }) => backends.map((backend) => keyOf(id, backend.id))))
    const left = Object.entries(this.#book).filter(([key]) => known.has(key))
    if (left.length === Object.keys(this.#book).length) return
    this.#book = Object.fromEntries(left)
    this.#save()
  }

  #save(): void {
    try {
      writeFileAtomic(this.#file, `${JSON.stringify(this.#book)}\n`)
    } catch (error) {
      this.#log(`lock-down: the proofs could not be saved: ${String(error)}`)
    }
  }
}

function read(file: string): Book {
  const text = readBounded(file, MOST)
  return text === null ? {} : bookSchema.parse(parseJson(text))
}

function keyOf(service: string, backend: string): string {
  return `${service}/${backend}`
}

/**
 * What a proof holds for: another address, page, method or secret has to be proven anew. Of secrets it has 32 bits of a hash:
 * enough to see a change, too few to tell anything.
 */
function fingerprint(
  { lockdown: { secretHeader, proxyProtocol, network }, health }: Service,
  { url, tls }: Service['backends'][number],
): string {
  const secret =
    secretHeader === undefined
      ? null
      : createHash('sha256')
          .update(`${secretHeader.value}\0${secretHeader.next ?? ''}`)
          .digest('hex')
          .slice(0, 8)
  return JSON.stringify([url, tls.verify, health.path ?? null, secretHeader?.name ?? null, secret, proxyProtocol, network])
}
