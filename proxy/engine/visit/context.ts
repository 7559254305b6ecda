import type { Address } from '../../contract/address'
import type { SocketEnds } from '../../outbound/proxy-head'
import type { Authority } from '../http/authority'
import { headerValues } from '../http/header-list'
import { noFieldLines } from '../http/wire/field-lines'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { RequestPath } from '../route/request-path'
import type { World } from '../world/world'
import type { Exchange } from './exchange'
import { Visit } from './visit'

/** Where requests come from, as the listener knows it. */
export interface Origin {
  readonly socket: SocketEnds
  /** Of the listener. */
  readonly listener: string
  readonly port: number
  /** In its plain form: an IPv4-mapped address as IPv4, no zone. */
  readonly peer: string
  readonly peerAddress: Address | null
}

/** Stands for the head of a request that is over. */
const NO_HEAD: RequestHead = {
  ok: true,
  method: '',
  target: '',
  minor: 1,
  lines: noFieldLines(),
  body: 'none',
  length: 0,
  keepAlive: false,
  expectsContinue: false,
  upgrade: null,
}

/** A request on its way: what each phase has found out so far. One context serves one request after the other of its origin. */
export class RequestContext extends Visit {
  readonly connection: Origin
  readonly exchange: Exchange
  head: RequestHead
  /** Whether it offers to switch to another protocol, a WebSocket's mostly. */
  upgrade = false
  authority: Authority | null = null
  /** What the Host of an earlier request of this origin was: nearly always it is the same again. */
  lastNamed: Authority | null = null
  path: RequestPath | null = null
  trustedPeer = false

  constructor(connection: Origin, exchange: Exchange, world: World, head: RequestHead) {
    super(world, connection.peer, connection.peerAddress)
    this.connection = connection
    this.exchange = exchange
    this.head = head
  }

  /** Forgets the request before and begins with this one. */
  receive(head: RequestHead, world: World, ref: string): void {
    this.open(world, ref, this.connection.peer, this.connection.peerAddress)
    this.head = head
    this.upgrade = false
    this.authority = null
    this.path = null
    this.trustedPeer = false
  }

  /** It is over: a connection that waits for its next request, for a minute maybe, keeps nothing of a head of 31 KB. */
  forget(): void {
    this.head = NO_HEAD
    this.path = null
  }

  /**
   * Whether it is what a browser asks before a request to another origin: such a preflight never carries credentials (Fetch,
   * §4.8), so that a sign-in could never let it through.
   */
  override get isPreflight(): boolean {
    const { method, body, lines } = this.head
    if (method !== 'OPTIONS' || body !== 'none') return false
    const { fields } = lines
    return (
      isOneValue(headerValues(fields, 'origin')) &&
      isOneValue(headerValues(fields, 'access-control-request-method')) &&
      headerValues(fields, 'authorization').length === 0
    )
  }
}

function isOneValue(values: readonly string[]): boolean {
  return values.length === 1 && values[0] !== ''
}
