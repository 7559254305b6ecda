/** So many rows of a list are drawn; a list of a country’s networks has hundreds of thousands. */
export const DRAWN = 200

export interface Drawn<Item> {
  /** With their places in the whole list. */
  readonly items: readonly { readonly item: Item; readonly at: number }[]
  /** How many more there are, or more that match. */
  readonly more: number
}

/** The rows that are drawn: the first ones, or those that hold a text; one that has to be seen comes along wherever it stands. */
export function drawn<Item>(
  list: readonly Item[],
  textOf: (item: Item) => string,
  query: string,
  wanted: number | null = null,
): Drawn<Item> {
  const words = query.trim().toLowerCase()
  const items: { item: Item; at: number }[] = []
  let more = 0
  for (const [at, item] of list.entries()) {
    if (at !== wanted && words !== '' && !textOf(item).toLowerCase().includes(words)) continue
    if (items.length < DRAWN || at === wanted) items.push({ item, at })
    else more++
  }
  return { items, more }
}
