import type { BackendConnection } from '../backend/backend-connection'
import type { ResponseHead } from '../http/wire/response-head-parser'
import type { TimerWheel } from '../time/timer-wheel'
import { answerFields } from './answer-fields'
import { BytePipe, type PipeOver } from './byte-pipe'
import type { TransferOwner } from './transfer-owner'

/** Answers the client that the backend has switched protocols; from here on bytes pass as they come. */
export function openTunnel(
  owner: TransferOwner,
  head: ResponseHead,
  protocol: string,
  connection: BackendConnection,
  wheel: TimerWheel,
  onEnd: (over: PipeOver) => void,
): { readonly pipe: BytePipe; readonly early: Buffer } {
  const { socket, intake, early } = owner.exchange.switchProtocols([
    ...answerFields(head, owner),
    'Connection',
    'Upgrade',
    'Upgrade',
    protocol,
  ])
  const { tunnel, idle } = owner.timeouts
  const pipe = new BytePipe({ socket, intake }, connection, { idle: tunnel, halfIdle: idle }, wheel, {
    onBytesIn: (count) => owner.onBytesIn(count),
    onBytesOut: (count) => owner.onBytesOut(count),
    onEnd,
  })
  return { pipe, early }
}
