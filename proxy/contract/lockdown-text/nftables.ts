import type { FilledFacts } from './facts'
import { families, lines } from './quote'

/** A complete file for `nft -f`. Loading it again replaces the table, and no other table is touched. */
export function inputTable(facts: FilledFacts): string {
  const { port, transport } = facts
  const file = `/etc/astrorelay-${port}.nft`
  return lines(
    `# ${file}. Load it with: nft -f ${file}`,
    `# For after a restart, add to /etc/nftables.conf: include "${file}"`,
    '# Ports that Docker publishes pass by this chain: take the Docker text for them.',
    // Priority -10 is before "filter" (0), where nftables.conf, ufw and firewalld have theirs: a drop here is final.
    table(facts, `astrorelay_${port}`, 'input', -10, `${transport} dport ${port}`),
  )
}

/** The same for a port that Docker publishes: before Docker's own rewriting of the destination (priority -100). */
export function prerouting(facts: FilledFacts): string {
  const { port } = facts
  return lines(
    `# 2. /etc/astrorelay-docker-${port}.nft. Ports of Docker pass by ufw and the like, but not by this`,
    // Containers' own traffic to other machines' port is forwarded through here as well; only this machine's is meant.
    table(facts, `astrorelay_docker_${port}`, 'prerouting', -300, `fib daddr type local ${facts.transport} dport ${port}`),
  )
}

function table({ gateway }: FilledFacts, name: string, hook: string, priority: number, port: string): readonly string[] {
  const { v4, v6 } = families(gateway)
  return [
    `table inet ${name}`,
    `delete table inet ${name}`,
    `table inet ${name} {`,
    `    chain ${hook} {`,
    `        type filter hook ${hook} priority ${priority}; policy accept;`,
    `        iifname "lo" ${port} accept`,
    ...(v4.length > 0 ? [`        ip saddr { ${v4.join(', ')} } ${port} accept`] : []),
    ...(v6.length > 0 ? [`        ip6 saddr { ${v6.join(', ')} } ${port} accept`] : []),
    `        ${port} drop`,
    '    }',
    '}',
  ]
}
