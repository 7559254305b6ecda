// `node test/security/long-fuzz.mjs [samples] [seed]`: the differential test for as long as one likes; its result is
// committed as bench/fuzz-result.json.
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const BATCH = 100_000
const here = path.dirname(fileURLToPath(import.meta.url))
const { module } = await runnerImport(path.join(here, '../support/fuzz/differential.ts'), { configFile: false })
const samples = Number(process.argv[2] ?? 2_000_000)
const firstSeed = Number(process.argv[3] ?? 1)

const started = performance.now()
const total = { samples: 0, accepted: 0, refused: 0, stricter: 0 }
/** @type {Record<string, number>} */
const reasons = {}
const disagreements = []
for (let seed = firstSeed; total.samples < samples && disagreements.length === 0; seed++) {
  const outcome = module.runDifferential(seed, Math.min(BATCH, samples - total.samples))
  for (const key of Object.keys(total)) total[key] += outcome[key]
  for (const [reason, count] of Object.entries(outcome.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count
  disagreements.push(...outcome.disagreements)
  console.log(
    `${total.samples.toLocaleString('en')} connections, ${total.accepted.toLocaleString('en')} messages accepted by both, ${disagreements.length} disagreements`,
  )
}

const result = {
  at: new Date().toISOString(),
  what: 'Connections of 1 to 3 messages, three in four of them twisted, before the engine’s parsers and Node’s llhttp; see test/support/fuzz.',
  node: process.version,
  llhttp: process.versions.llhttp,
  processor: os.cpus()[0]?.model ?? 'unknown',
  seconds: Math.round((performance.now() - started) / 1_000),
  seeds: `${firstSeed} and on, ${BATCH.toLocaleString('en')} connections each`,
  ...total,
  stricterBecause: reasons,
  disagreements: disagreements.map(({ number, what, kind, bytes }) => ({ number, what, kind, bytes })),
}
writeFileSync(path.join(here, '../../bench/fuzz-result.json'), `${JSON.stringify(result, null, 2)}\n`)
for (const { number, what, bytes } of disagreements) console.error(`sample ${number}: ${what}\n  ${JSON.stringify(bytes)}`)
process.exit(disagreements.length > 0 ? 1 : 0)
