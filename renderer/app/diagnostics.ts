import type { Info } from '../../proxy/contract/calls/info'
import type { Status } from '../../proxy/contract/status'

/** What a person pastes into a question to somebody: versions, states, reasons. No tokens, and no client addresses. */
export function diagnostics(status: Status | null, info: Info | null, userAgent: string): string {
  const lines = [
    `AstroRelay ${info?.version ?? status?.version ?? ''} (${info?.host ?? 'unknown host'}, ${info?.platform ?? ''})`,
    `Interface: ${userAgent}`,
    `Configuration: revision ${status?.revision ?? 'unknown'}, ${info?.configFile ?? ''}`,
  ]
  if (status) {
    const { engine } = status
    lines.push(
      `Gateway: ${engine.state}, ${engine.restarts} restarts${engine.lastFailure === null ? '' : `, last failure: ${engine.lastFailure}`}`,
    )
    for (const { id, address, port, state, reason } of status.listeners) lines.push(`Listener ${id} ${address}:${port}: ${reason ?? state}`)
    for (const service of status.services) {
      lines.push(`Service ${service.id}: ${service.state}${service.reason === null ? '' : ` (${service.reason})`}`)
      for (const backend of service.backends)
        lines.push(`  ${backend.id} ${backend.url}: ${backend.health}${backend.reason === null ? '' : ` (${backend.reason})`}`)
    }
  }
  for (const notice of info?.notices ?? []) lines.push(`Notice ${new Date(notice.at).toISOString()} ${notice.title}: ${notice.text}`)
  return lines.join('\n')
}
