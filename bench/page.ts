import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Results } from './results'
import { markdownTable } from './table'

const FILE = path.resolve(import.meta.dirname, '../docs/performance.md')

/** Writes docs/performance.md from results. */
export function writePage(results: Results): void {
  writeFileSync(FILE, page(results))
}

function page({ at, machine, versions, rows }: Results): string {
  return `# Performance

What AstroRelay is to reach, how it is measured, and what was measured last. \`npm run bench\` writes this page.

## Goals

They are ratios of medians within one run: machines differ, and are noisy, so no figure means anything by itself. The others are
Debian's nginx, HAProxy and Caddy, one worker or thread each, forwarding with no features on; AstroRelay has all of its own on: hosts
and paths of 40 services, access rules, health checks, counters and the request log. http-proxy is the package of that name
(http-proxy-3) with a keep-alive agent, as most programs on Node forward.

## How it is measured

- Everything runs on loopback. The program under test has core 0 to itself; the load and the backends (nginx for pages, a WebSocket
  echo of our own) share core 1.
- Each program is warmed up, then all are measured in turn, at least three times (A B C A B C …). Given are the median and, in
  brackets, the least and the most.
- The load is wrk. An answer other than 2xx, a dropped connection or a time-out ends the row: such a figure would mean nothing.
- Added latency comes from an open loop: requests are sent when they are due whether earlier ones were answered or not, so that a
  program that stalls cannot hide it. What is given is the proxied percentile less the direct one.
- WebSocket messages are binary frames of 1 KB whose mask is zero, one under way on each connection.
- Memory is what the system counts as resident for the engine's process.
- A program that is not installed is left out, and the row says so.

## Results

Measured ${at.slice(0, 10)} on ${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node.slice(1)}${machine.load >= 0.5 ? `, while other programs were running (load average ${machine.load})` : ''}.
${versionList(versions)}
${markdownTable(rows)}

## How to run it

\`\`\`sh
apt-get install nginx-light haproxy caddy wrk   # Debian, Ubuntu
npm run build
npm run bench          # every row, about five minutes
npm run bench:quick    # the rows that need no other program, under 90 s
\`\`\`

Both renew their rows in \`bench/results.json\` and on this page. \`npm run bench -- --only "keep-alive"\` measures one row, for work on it.
\`node bench/versus.mjs OTHER-CHECKOUT\` measures two versions in one run, by their own processor time. \`node bench/soak.mjs 30\` runs mixed load for 30 minutes and tells whether memory stays flat; \`npm run bench:chaos\` kills, stops
and starves its processes under such load for 10 minutes and tells what was lost ([security.md](security.md)); \`node test/security/long-fuzz.mjs\` puts
millions of messages before the engine's parsers and Node's own.
`
}

function versionList(versions: Readonly<Record<string, string>>): string {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return list.length > 0 ? `${list.join(' · ')}\n` : ''
}
