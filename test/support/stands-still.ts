import { until } from './until'

/** How often the gateway serves somebody else meanwhile: each time it could also have gone on with what is watched. */
const TURNS = 20

/** Waits until a count that has begun goes no further although the gateway has had its turns; gives it. */
export async function standsStill(what: string, count: () => number | Promise<number>, turn: () => Promise<unknown>): Promise<number> {
  return until(`${what} to stand still`, async () => {
    const before = await count()
    for (let n = 0; n < TURNS; n++) await turn()
    return before > 0 && (await count()) === before ? before : null
  })
}
