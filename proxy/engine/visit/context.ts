import type { Address } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import type { RequestRow } from '../../contract/status'
import type { RecentClient } from '../gate/recent-clients'
import type { Backend } from '../backend/backend'
import type { SocketEnds } from '../backend/proxy-preface'
import type { MaintenancePage } from '../../contract/maintenance-page'
import type { Authority } from '../http/authority'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { CompiledService } from '../world/snapshot'
import type { World } from '../world/world'
import type { ServiceCounters } from '../measure/service-counters'
import type { RequestPath } from '../route/request-path'
import type { Exchange } from './exchange'

/** Why a request is answered by the gateway itself. `reason` goes to the request log only. */
export interface Refusal {
  readonly code: ErrorCode
  readonly reason: string
  /** Whether the connection cannot be used for another request. */
  readonly close?: boolean
  /** The answer that the client sees in its place, so that it does not learn of the refusal. */
  readonly shownAs?: ErrorCode
  /** No answer at all: the connection is cut. */
  readonly cut?: boolean
  /** A page of the service's own, in place of the usual one. */
  readonly page?: MaintenancePage
  /** More fields of the answer: name, value, …. */
  readonly fields?: readonly string[]
}

/** Who comes, and to what: as much as the rules need to know, of a request as of a stream. */
export interface Visit {
  readonly client: string
  readonly clientAddress: Address | null
  /** Epoch ms. */
  readonly at: number
  readonly world: World
  readonly service: CompiledService | null
  /** Whether anybody may have written the client's address: nothing is held against it. */
  readonly isForgeable: boolean
  letIn: boolean
  rule: string | null
  recent: RecentClient | null
}

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

/** A request on its way: what each phase has found out so far. One context serves one request after the other of its origin. */
export class RequestContext {
  readonly connection: Origin
  readonly exchange: Exchange
  world: World
  head: RequestHead
  ref = ''
  /** Epoch ms, and ms of a clock that never jumps. */
  at = 0
  started = 0
  /** Whether it is a WebSocket handshake. */
  upgrade = false
  authority: Authority | null = null
  /** What the Host of an earlier request of this origin was: nearly always it is the same again. */
  lastNamed: Authority | null = null
  path: RequestPath | null = null
  client = ''
  clientAddress: Address | null = null
  trustedPeer = false
  /** Whether the service's rules let the client in. */
  letIn = false
  /** Whether it has given a name and a password that are the gateway's own business. */
  signedIn = false
  /** The rule that refused it, or would have, in words. */
  rule: string | null = null
  /** Under what the requests before it were counted, which nearly always is the same. */
  recent: RecentClient | null = null
  service: CompiledService | null = null
  readonly isForgeable = false
  counters: ServiceCounters | null = null
  backend: Backend | null = null
  /** What the visitor's cookie said of its backend, and the cookie it is given. */
  stickyId: string | null = null
  setCookie: string | null = null
  /** Backends tried and failed. */
  readonly tried = new Set<Backend>()
  attempts = 0
  status = 0
  refusal: Refusal | null = null
  endedBy: RequestRow['endedBy'] = 'gateway'
  reason: string | null = null
  bytesIn = 0
  bytesOut = 0
  /** ms to the first byte of the answer; -1: there was none. */
  firstByte = -1
  observed = false

  constructor(connection: Origin, exchange: Exchange, world: World, head: RequestHead) {
    this.connection = connection
    this.exchange = exchange
    this.world = world
    this.head = head
  }

  /** Forgets the request before and begins with this one. */
  begin(head: RequestHead, world: World, ref: string): void {
    this.head = head
    this.world = world
    this.ref = ref
    this.at = Date.now()
    this.started = performance.now()
    this.upgrade = false
    this.authority = null
    this.path = null
    this.client = this.connection.peer
    this.clientAddress = this.connection.peerAddress
    this.trustedPeer = false
    this.letIn = false
    this.signedIn = false
    this.rule = null
    this.service = null
    this.counters = null
    this.backend = null
    this.stickyId = null
    this.setCookie = null
    if (this.tried.size > 0) this.tried.clear()
    this.attempts = 0
    this.status = 0
    this.refusal = null
    this.endedBy = 'gateway'
    this.reason = null
    this.bytesIn = 0
    this.bytesOut = 0
    this.firstByte = -1
    this.observed = false
  }
}
