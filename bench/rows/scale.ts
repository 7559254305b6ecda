import path from 'node:path'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { BenchBackend } from '../backend'
import { inTurn } from '../compare'
import { warmUp, wrk, type WrkLoad } from '../load/wrk'
import { documentWithHosts, documentWithRules, startVariant } from '../programs/ours'
import type { Program } from '../programs/program'
import { freePort, startEngine } from '../engine'
import { pin, TESTED_CORE } from '../pin'
import { median, type Row, spreadOf } from '../row'
import { ROUNDS } from './traffic'

const ROTATE = path.join(import.meta.dirname, '../load/rotate-hosts.lua')
const LEAST = 0.95
const HOSTS = [1, 10_000]
const RULES = [0, 1_000, 50_000]
const LOADS = 5

/** One host name against ten thousand, each asked for in turn. */
export function hostNames(backend: BenchBackend): Promise<Row[]> {
  return sizes(
    'host names',
    HOSTS,
    (count) => (port) => documentWithHosts(port, backend, count),
    ({ port }, count) => ({ port, connections: 64, seconds: 3, script: [ROTATE, String(count)] }),
  )
}

/** No access rules against many that all have to be passed; and how long the engine takes to load so many. */
export async function accessRules(backend: BenchBackend): Promise<Row[]> {
  const rows = await sizes(
    'CIDR rules',
    RULES,
    (count) => (port) => documentWithRules(port, backend, count),
    ({ port }) => ({ port, connections: 64, seconds: 3 }),
  )
  return [...rows, await rulesLoaded(backend)]
}

async function rulesLoaded(backend: BenchBackend): Promise<Row> {
  const engine = await startEngine()
  pin(engine.pid, TESTED_CORE)
  try {
    const port = await freePort()
    const taken: string[] = []
    let last = Number.NaN
    for (const count of RULES) {
      const times: number[] = []
      for (let n = 0; n < LOADS; n++) {
        const answer = await engine.client.call('load', { revision: `${count} ${n}`, document: documentWithRules(port, backend, count) })
        if (answer.ok) times.push(answer.duration)
      }
      last = median(times)
      taken.push(`${count.toLocaleString('en')} rules ${Math.round(last)} ms`)
    }
    return {
      figure: 'load of 50,000 CIDR rules',
      value: Math.round(last),
      unit: 'ms',
      goal: '',
      holds: null,
      note: `parsed, checked, compiled and swapped in; ${taken.join(', ')}; ${LOADS} loads each`,
    }
  } finally {
    await engine.stop()
  }
}

async function sizes(
  what: string,
  counts: readonly number[],
  documentOf: (count: number) => (port: number) => ConfigDocument,
  loadOf: (program: Program, count: number) => WrkLoad,
): Promise<Row[]> {
  const variants: { name: string; count: number; program: Program }[] = []
  try {
    for (const count of counts) {
      const name = `${count.toLocaleString('en')} ${what}`
      variants.push({ name, count, program: await startVariant(name, documentOf(count)) })
    }
    for (const { program, count } of variants) await warmUp(loadOf(program, count))
    const measured = await inTurn(variants, ROUNDS, async ({ program, count }) => (await wrk(loadOf(program, count))).requestsPerSecond)
    const spreads = variants.map(({ name }) => spreadOf(measured.get(name) ?? []))
    const [first, last] = [spreads[0]?.median ?? Number.NaN, spreads.at(-1)?.median ?? Number.NaN]
    const fewer = Math.round((1 - last / first) * 1_000) / 10
    const each = variants.map(
      ({ name }, at) =>
        `${name} ${Math.round(spreads[at]?.median ?? 0)} requests/s (${Math.round(spreads[at]?.min ?? 0)} to ${Math.round(spreads[at]?.max ?? 0)})`,
    )
    return [
      {
        figure: `${counts.map((count) => count.toLocaleString('en')).join(' → ')} ${what}`,
        value: fewer,
        unit: '% fewer requests/s',
        goal: '≤ 5 %',
        holds: last >= first * LEAST,
        note: each.join(', '),
      },
    ]
  } finally {
    for (const { program } of variants) await program.stop()
  }
}
