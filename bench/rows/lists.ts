import { readFileSync } from 'node:fs'
import type { BenchBackend } from '../backend'
import { freePort, startEngine } from '../engine'
import { pin, TESTED_CORE } from '../pin'
import { documentWithRules } from '../programs/ours'
import { median, type Row, spread } from '../row'

const NETWORKS = 300_000
const LOADS = 5

/** A block list as long as a threat list: how long a load of it takes, and how long the engine works without looking up. */
export async function longLists(backend: BenchBackend): Promise<Row[]> {
  const engine = await startEngine()
  pin(engine.pid, TESTED_CORE)
  try {
    const document = documentWithRules(await freePort(), backend, 0)
    const loads: number[] = []
    const same: number[] = []
    const waits: number[] = []
    let blocked = networks(0)
    const load = async (revision: string): Promise<number> => {
      const began = performance.now()
      const state = { isOver: false }
      const loading = engine.client.call('load', { revision, document: { ...document, blocked } }).finally(() => {
        state.isOver = true
      })
      let longest = 0
      while (!state.isOver) {
        const asked = workedMs(engine.pid)
        await engine.client.call('ping', {})
        longest = Math.max(longest, workedMs(engine.pid) - asked)
      }
      waits.push(longest)
      const answer = await loading
      if (!answer.ok) throw new Error(`the list was refused: ${JSON.stringify(answer.issues[0])}`)
      return performance.now() - began
    }
    await load('warm')
    waits.length = 0
    for (let n = 1; n <= LOADS; n++) {
      blocked = networks(n)
      loads.push(await load(`${n}`))
      same.push(await load(`${n} again`))
    }
    return [
      {
        figure: 'load of 300,000 blocked networks',
        value: Math.round(median(loads)),
        unit: 'ms',
        goal: '< 2000 ms',
        holds: median(loads) < 2_000,
        note: `sent, parsed, checked, compiled and swapped in, another list each time; ${spread(loads)}; with the list that is there already ${median(same).toFixed(1)} ms`,
      },
      {
        figure: 'longest pause of the engine during such a load',
        value: Math.round(median(waits.filter((_, at) => at % 2 === 0))),
        unit: 'ms',
        goal: '< 50 ms',
        holds: median(waits.filter((_, at) => at % 2 === 0)) < 50,
        note: `processor time of its main thread between two answers to another call, asked one after the other; ${spread(waits.filter((_, at) => at % 2 === 0))}`,
      },
    ]
  } finally {
    await engine.stop()
  }
}

/** What a process’s main thread has run, in ms of processor time: on a busy machine the clock tells of the others, too. Linux only. */
function workedMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

/** Networks that hold one another nowhere, in no order. */
function networks(first: number): { from: string }[] {
  return Array.from({ length: NETWORKS }, (_, n) => {
    const place = ((n + first) * 7_919) % NETWORKS
    return { from: `${20 + (place >> 16)}.${(place >> 8) & 255}.${place & 255}.0/24` }
  })
}
