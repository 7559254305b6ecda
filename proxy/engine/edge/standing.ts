import { elapsed } from '../../contract/clock'
import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import type { Handshake, Handshakes } from './handshakes'

export interface StandingOptions {
  readonly peer: string
  readonly address: Address | null
  readonly socket: Socket
  readonly handshakes: Handshakes
  readonly handshakeOf: bigint | null
  /** Whether nothing lets its client in: it may have its answer, if it asks at once, and no more. */
  readonly isRefused: boolean
}

/** Whose a connection is, and what claim it has to its place: it has still to say what it wants, rests, or has something running. */
export class Standing implements Handshake {
  readonly peer: string
  readonly address: Address | null
  readonly handshakeOf: bigint | null
  readonly isRefused: boolean
  /** Whether it has still to say what it wants, or to end what it has begun to say. */
  isAsking = true
  /** Since when nothing of it runs, in ms of `elapsed`; null: something does. */
  restingSince: number | null = elapsed()
  /** Whether it was closed because its place was needed. */
  gaveWay = false
  private readonly socket: Socket
  private readonly handshakes: Handshakes

  constructor({ peer, address, socket, handshakes, handshakeOf, isRefused }: StandingOptions) {
    this.peer = peer
    this.address = address
    this.socket = socket
    this.handshakes = handshakes
    this.handshakeOf = handshakeOf
    this.isRefused = isRefused
  }

  /** It begins to say what it wants, and has not come to an end. */
  asks(): void {
    if (this.isAsking) return
    this.isAsking = true
    this.handshakes.enter(this)
  }

  /** It has said what it wants, and that runs. */
  begins(): void {
    this.restingSince = null
    if (!this.isAsking) return
    this.isAsking = false
    this.handshakes.leave(this)
  }

  /** It waits for what comes next. */
  rests(now: number): void {
    this.restingSince = now
  }

  /** It is gone. */
  ends(): void {
    this.handshakes.leave(this)
  }

  giveWay(): void {
    this.gaveWay = true
    this.socket.destroy()
  }
}
