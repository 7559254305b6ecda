import type { BackendUrl } from '../../contract/backend-url'
import type { Service } from '../../contract/config/service'
import type { Attempt, LockdownChoice, Proof, ProofState } from '../../contract/lockdown-api'
import { BackendSpeaker } from '../../outbound/speaker'
import { resolveHost } from '../doctor/ask'
import { isRefusal, knock, knockedWords, type Knocked } from '../doctor/knock'
import { newSecret } from './secrets'

const LIMIT_MS = 3_000

export interface VerifyParts {
  /** Addresses of this machine's own interfaces, loopback too. */
  readonly own: readonly string[]
  readonly wallTime: () => number
}

/** What a service's lock-down rests on, the strongest first. */
export function methodsOf({ lockdown }: Pick<Service, 'lockdown'>): LockdownChoice[] {
  return [
    ...(lockdown.secretHeader === undefined ? [] : ['secret' as const]),
    ...(lockdown.proxyProtocol === 'off' ? [] : ['proxy' as const]),
    ...(lockdown.network ? ['network' as const] : []),
  ]
}

/** Tries to get past the gateway to a backend, and says what could be proven. It sends GETs of the path that checks ask for. */
export async function verify(service: Service, backend: Service['backends'][number], parts: VerifyParts): Promise<Proof> {
  const speaker = new BackendSpeaker(service, backend)
  const { url } = speaker
  const addresses = await resolveHost(url.host, LIMIT_MS).catch(() => [])
  const [first] = addresses
  if (first === undefined) return proof(parts, 'unreachable', `${url.host} has no address. Check the spelling and the network.`, [])
  const asker = new Asker(speaker, first.address)
  const onlyHere =
    parts.own.includes(first.address) || /^127\.|^::1$/.test(first.address) ? await elsewhere(asker, parts.own, first.address) : null
  if (url.scheme !== 'http' && url.scheme !== 'https') return streamProof(parts, service, url, onlyHere)
  return webProof(parts, service, backend.id, asker, onlyHere)
}

/** Sends one service's requests to one backend, as the gateway does, and otherwise. */
class Asker {
  private readonly speaker: BackendSpeaker
  private readonly address: string

  constructor(speaker: BackendSpeaker, address: string) {
    this.speaker = speaker
    this.address = address
  }

  /** `secret` null: without it. `head`: whether with the PROXY header by which the gateway itself asks. */
  ask(secret: string | null, head: boolean): Promise<Knocked> {
    const { speaker, address } = this
    const target = { ...speaker.target, host: address }
    return knock({ target, head: head ? speaker.head(null) : null, request: speaker.checkText(secret, true), timeout: LIMIT_MS })
  }

  connect(address: string): Promise<Knocked> {
    return knock({ target: { ...this.speaker.target, host: address, secure: false }, head: null, request: '', timeout: LIMIT_MS })
  }

  get usesHead(): boolean {
    return this.speaker.tellsClient
  }
}

/** For a backend on this machine: whether other machines find it at any of this machine's addresses. */
async function elsewhere(
  asker: Asker,
  own: readonly string[],
  address: string,
): Promise<{ readonly reachable: string | null; readonly attempts: readonly Attempt[] }> {
  const others = own.filter((other) => other !== address && !/^127\.|^::1$|^fe[89ab]/i.test(other)).slice(0, 8)
  const attempts: Attempt[] = []
  let reachable: string | null = null
  // An address of the network's own: whoever finds this machine there finds the backend.
  for (const other of /^127\.|^::1$/.test(address) ? others : [address, ...others]) {
    const result = await asker.connect(other)
    const open = result.kind === 'answered'
    attempts.push({
      what: 'own-address',
      name: `At ${other}, from this computer`,
      outcome: open ? 'answers on an address that other computers can use' : knockedWords(result),
      fits: !open,
    })
    if (open) reachable ??= other
  }
  return { reachable, attempts }
}

function streamProof(parts: VerifyParts, service: Service, url: BackendUrl, onlyHere: Awaited<ReturnType<typeof elsewhere>> | null): Proof {
  const methods = methodsOf(service)
  const closed = onlyHere !== null && onlyHere.reachable === null
  if (methods.length === 0)
    return proof(
      parts,
      'open',
      closed
        ? 'It can be connected to without the gateway, though only from this computer.'
        : `Whoever knows ${url.host}:${url.port} can connect without the gateway.`,
      onlyHere?.attempts ?? [],
    )
  return proof(
    parts,
    'unproven',
    fromHere(onlyHere, methods.includes('proxy') ? 'Anyone may send a PROXY header, so only a firewall closes this port.' : ''),
    onlyHere?.attempts ?? [],
  )
}

async function webProof(
  parts: VerifyParts,
  service: Service,
  id: string,
  asker: Asker,
  onlyHere: Awaited<ReturnType<typeof elsewhere>> | null,
): Promise<Proof> {
  const { secretHeader } = service.lockdown
  const methods = methodsOf(service)
  const asGateway = await asker.ask(secretHeader?.value ?? null, asker.usesHead)
  const attempts: Attempt[] = [
    {
      what: 'as-gateway',
      name: 'Through AstroRelay',
      outcome: knockedWords(asGateway),
      fits: asGateway.kind === 'answered' && !isRefusal(asGateway),
    },
  ]
  // A secret is asked for at every address: where others could come from says nothing then.
  const done = (state: ProofState, text: string): Proof =>
    proof(parts, state, text, [...attempts, ...(secretHeader === undefined ? (onlyHere?.attempts ?? []) : [])])
  if (asGateway.kind === 'unreachable' || asGateway.kind === 'silent')
    return done('unreachable', `${id} did not answer the gateway (${knockedWords(asGateway)}), so nothing could be proven.`)
  const direct = await asker.ask(null, false)
  attempts.push({
    what: 'direct',
    name: 'Straight to the backend',
    outcome: knockedWords(direct),
    fits: isRefusal(direct) || (methods.length === 1 && methods[0] === 'network'),
  })
  if (secretHeader !== undefined) {
    const madeUp = await asker.ask(newSecret(), asker.usesHead)
    attempts.push({ what: 'made-up', name: 'With a made-up secret', outcome: knockedWords(madeUp), fits: isRefusal(madeUp) })
    const next = secretHeader.next === undefined ? null : await asker.ask(secretHeader.next, asker.usesHead)
    if (next !== null)
      attempts.push({ what: 'next', name: 'With the new secret', outcome: knockedWords(next), fits: sameAnswer(next, asGateway) })
    if (isRefusal(asGateway) && next !== null && !isRefusal(next))
      return done('broken', `${id} refuses the secret that the gateway sends and takes the new one: finish the rotation.`)
    if (isRefusal(asGateway))
      return done(
        sameAnswer(asGateway, direct) ? 'broken' : 'unproven',
        `${id} refuses the gateway, too (${knockedWords(asGateway)}). Check that it has the same secret, or set a page for health checks that it shows.`,
      )
    if (!isRefusal(direct)) return done('open', `${id} still answers without the gateway (${knockedWords(direct)}).`)
    if (!isRefusal(madeUp)) return done('open', `${id} asks for the header and takes any secret in it (${knockedWords(madeUp)}).`)
    return done(
      'locked',
      `Refused directly, answers through AstroRelay.${next !== null && !sameAnswer(next, asGateway) ? ' It does not take the new secret yet.' : ''}`,
    )
  }
  const closed = onlyHere !== null && onlyHere.reachable === null
  if (methods.length === 0)
    return done('open', `${id} answers without the gateway (${knockedWords(direct)})${closed ? ', though only from this computer' : ''}.`)
  if (methods.includes('proxy') && !isRefusal(direct))
    return done('open', `${id} still answers connections without a PROXY header (${knockedWords(direct)}).`)
  return done(
    'unproven',
    fromHere(
      onlyHere,
      methods.includes('proxy')
        ? 'Plain requests are refused. Anyone may send a PROXY header, so a firewall has to close the port, too.'
        : '',
    ),
  )
}

function sameAnswer(a: Knocked, b: Knocked): boolean {
  return a.kind === b.kind && (a.kind !== 'answered' || (b.kind === 'answered' && a.status === b.status))
}

/** Honest about what a machine cannot see of itself. */
function fromHere(onlyHere: Awaited<ReturnType<typeof elsewhere>> | null, first: string): string {
  const here =
    onlyHere?.reachable === null
      ? 'listens for this computer alone, so that others cannot reach it anyway'
      : `listens on ${onlyHere?.reachable ?? ''}; try that from another device, where it must not answer`
  const why =
    onlyHere === null
      ? 'Not proven: this computer is the one that the rules let in, so they can only be tested from another device.'
      : `Cannot tell from this machine: the backend is on the same one. It ${here}.`
  return first === '' ? why : `${first} ${why}`
}

function proof({ wallTime }: VerifyParts, state: ProofState, text: string, attempts: readonly Attempt[]): Proof {
  return { state, at: wallTime(), text, attempts: [...attempts] }
}
