import { Breath } from './breath'

/** Sorted at once, before they are merged. */
const RUN = 256

/** Sorts as `toSorted` does, letting others go first now and then (a merge sort from below). */
export async function sortInSlices<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): Promise<Item[]> {
  const breath = new Breath()
  let runs: Item[][] = []
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).toSorted(compare))
    if (breath.isDue) await breath.take()
  }
  while (runs.length > 1) {
    const merged: Item[][] = []
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare, breath))
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<Item>(a: readonly Item[], b: readonly Item[], compare: (a: Item, b: Item) => number, breath: Breath): Promise<Item[]> {
  const merged: Item[] = []
  let [left, right] = [0, 0]
  for (;;) {
    const [first, second] = [a[left], b[right]]
    if (first === undefined || second === undefined) return [...merged, ...a.slice(left), ...b.slice(right)]
    if (compare(first, second) <= 0) {
      merged.push(first)
      left += 1
    } else {
      merged.push(second)
      right += 1
    }
    if (merged.length % RUN === 0 && breath.isDue) await breath.take()
  }
}
