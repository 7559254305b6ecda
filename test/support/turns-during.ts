import { turn } from '../../proxy/system/slices'

/** Whether some work is over, to be asked in a loop. */
export function watch<Result>(work: Promise<Result>): { readonly done: Promise<Result>; readonly isOver: () => boolean } {
  const state = { isOver: false }
  const done = work.finally(() => {
    state.isOver = true
  })
  return { done, isOver: () => state.isOver }
}

/** What came of some work, and how often everything else had its turn meanwhile. */
export async function turnsDuring<Result>(work: Promise<Result> | Result): Promise<{ readonly result: Result; readonly turns: number }> {
  const { done, isOver } = watch(Promise.resolve(work))
  let turns = 0
  for (; !isOver(); turns++) await turn()
  return { result: await done, turns }
}
