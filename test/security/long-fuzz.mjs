import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const USAGE = `The differential test for as long as one likes.

  node test/security/long-fuzz.mjs [--connections 2000000] [--minutes 10] [--seed 1] [--out bench/fuzz-result.json]

Each connection is read by the engine's parsers whole and in pieces, by its own connections in pieces (whole, a few random
cuts, cuts at line ends, byte by byte) and by Node's llhttp. Ends with the connections, with the minutes, or with the first
disagreement; exits with 1 at a disagreement. Seeds repeat exactly: a batch of 100,000 connections for each from the first
on. Millions are a matter of time (some 8,000 a second and core): for --connections 50000000 take an hour and a half, or run
several with seeds far apart and another --out each. \`nice -n 19\` leaves the machine to others.
The result is written to --out, and committed as bench/fuzz-result.json.`

const BATCH = 100_000
const here = path.dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '2000000' },
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: path.join(here, '../../bench/fuzz-result.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const [connections, minutes, firstSeed] = [values.connections, values.minutes, values.seed].map(Number)
if (values.help || [connections, minutes, firstSeed].some((number) => !(number > 0))) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

const { module } = await runnerImport(path.join(here, '../support/fuzz/differential.ts'), { configFile: false })
const started = performance.now()
const total = { samples: 0, pieces: 0, accepted: 0, refused: 0, stricter: 0 }
/** @type {Record<string, number>} */
const reasons = {}
const disagreements = []
for (let seed = firstSeed; total.samples < connections && disagreements.length === 0; seed++) {
  if (performance.now() - started > minutes * 60_000) break
  const outcome = module.runDifferential(seed, Math.min(BATCH, connections - total.samples))
  for (const key of Object.keys(total)) total[key] += outcome[key]
  for (const [reason, count] of Object.entries(outcome.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count
  disagreements.push(...outcome.disagreements.map((found) => ({ seed, ...found })))
  console.log(
    `seed ${seed}: ${total.samples.toLocaleString('en')} connections in ${total.pieces.toLocaleString('en')} pieces, ${total.accepted.toLocaleString('en')} messages accepted by both, ${disagreements.length} disagreements`,
  )
}

const result = {
  at: new Date().toISOString(),
  what: 'Connections of 1 to 3 messages, three in four of them twisted, before the engine’s parsers and Node’s llhttp, and cut into pieces before the engine’s own connections; see test/support/fuzz.',
  node: process.version,
  llhttp: process.versions.llhttp,
  processor: os.cpus()[0]?.model ?? 'unknown',
  seconds: Math.round((performance.now() - started) / 1_000),
  seeds: `${firstSeed} and on, ${BATCH.toLocaleString('en')} connections each`,
  ...total,
  stricterBecause: reasons,
  disagreements: disagreements.map(({ seed, number, what, kind, bytes }) => ({ seed, number, what, kind, bytes })),
}
writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`)
for (const { seed, number, what, bytes } of disagreements)
  console.error(`seed ${seed}, sample ${number}: ${what}\n  ${JSON.stringify(bytes)}`)
process.exit(disagreements.length > 0 ? 1 : 0)
