import type { FilledFacts, LockdownText } from './facts'
import { prerouting } from './nftables'
import { doubleQuoted, lines } from './quote'

/**
 * A container is closed by where its port is published. Docker forwards published ports before the machine's own
 * input rules, so ufw and the like never see them (https://docs.docker.com/engine/network/packet-filtering-firewalls/).
 */
export function dockerText(facts: FilledFacts): LockdownText {
  const loopback = isLoopback(facts.host)
  const address = addressOf(facts.host)
  return {
    id: 'docker',
    name: 'Docker',
    where: loopback
      ? `compose.yaml on ${facts.host}, then docker compose up -d.`
      : `compose.yaml, then docker compose up -d; the rules go to a file of their own on ${facts.host}, loaded with nft -f.`,
    text: loopback
      ? lines(
          '# compose.yaml',
          ...published(
            facts,
            address ?? '127.0.0.1',
            '# Only this machine reaches it (Docker 28 or later; before, neighbours on the same switch could).',
          ),
        )
      : lines('# 1. compose.yaml', ...published(facts, address, null), '', prerouting(facts).trimEnd()),
  }
}

function published({ port, transport }: FilledFacts, address: string | null, remark: string | null): readonly (string | null)[] {
  const place = address === null ? '' : address.includes(':') ? `[${address}]:` : `${address}:`
  return [
    'services:',
    '  app: # the name your service has',
    '    ports:',
    remark === null ? null : `      ${remark}`,
    "      # This machine's address and port first, the container's own port last.",
    `      - ${doubleQuoted(`${place}${port}:${port}${transport === 'udp' ? '/udp' : ''}`)}`,
    '# If the gateway is a container of the same Docker: no ports at all, and one network for both.',
  ]
}

/** The host's address, without the brackets of a URL; null for a name, which compose cannot publish on. */
function addressOf(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return bare.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(bare) ? bare : null
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}
