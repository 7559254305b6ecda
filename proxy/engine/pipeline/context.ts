import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import type { RequestRow } from '../../contract/status'
import type { Backend } from '../backend/backend'
import type { Authority } from '../http/authority'
import type { CompiledService } from '../lifecycle/snapshot'
import type { World } from '../lifecycle/world'
import type { ServiceCounters } from '../measure/service-counters'
import type { RequestPath } from '../route/request-path'

/** Why a request is answered by the gateway itself. `reason` goes to the request log only. */
export interface Refusal {
  readonly code: ErrorCode
  readonly reason: string
  /** Whether the connection cannot be used for another request. */
  readonly close?: boolean
}

/** A connection of a client, as the listener knows it. */
export interface ClientConnection {
  readonly socket: Socket
  /** Of the listener. */
  readonly listener: string
  readonly port: number
  /** In its plain form: an IPv4-mapped address as IPv4, no zone. */
  readonly peer: string
  readonly peerAddress: Address | null
}

/** One request on its way: what each phase has found out so far. */
export interface RequestContext {
  readonly request: IncomingMessage
  /** Null for a WebSocket handshake, which is answered on the bare connection. */
  readonly response: ServerResponse | null
  /** What came right after a WebSocket handshake. */
  readonly head: Buffer
  readonly connection: ClientConnection
  readonly world: World
  readonly ref: string
  /** Epoch ms, and ms of a clock that never jumps. */
  readonly at: number
  readonly started: number
  readonly expectsContinue: boolean
  method: string
  /** As it came. */
  readonly rawHeaders: readonly string[]
  body: 'none' | 'length' | 'chunked'
  bodyLength: number | null
  authority: Authority | null
  path: RequestPath | null
  client: string
  clientAddress: Address | null
  trustedPeer: boolean
  service: CompiledService | null
  counters: ServiceCounters | null
  backend: Backend | null
  /** Backends tried and failed. */
  readonly tried: Set<Backend>
  attempts: number
  status: number
  refusal: Refusal | null
  endedBy: RequestRow['endedBy']
  reason: string | null
  bytesIn: number
  bytesOut: number
  /** ms to the first byte of the answer. */
  firstByte: number | null
  observed: boolean
}

/** A phase: looks at the request, notes what it finds, and may end it. */
export type Phase = (context: RequestContext) => Refusal | null
