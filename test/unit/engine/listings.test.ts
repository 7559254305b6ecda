import { utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Listing } from '../../../proxy/engine/files/listing'
import { listingJson, listingPage } from '../../../proxy/engine/files/listing-page'
import { Listings, type ListingRequest, TooManyListingsError } from '../../../proxy/engine/files/listings'
import { sortInSlices } from '../../../proxy/engine/files/sort-in-slices'
import { TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import { tempDirectory } from '../../support/temp-directory'

function makeListings(): Listings {
  const wheel = new TimerWheel()
  onTestFinished(() => wheel.stop())
  return new Listings(wheel)
}

function request(folder: string): ListingRequest {
  return {
    fence: { root: folder, hidden: NOTHING },
    folder,
    dotFiles: false,
    title: 'T',
    isTop: true,
    json: true,
    order: { column: 'name', down: false },
  }
}
const NOTHING: readonly string[] = []

/** How often others had their turn while something was made. */
async function turnsDuring(make: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let over = false
  const count = (): void => {
    turns += 1
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  await make()
  over = true
  return turns
}

function many(count: number): Listing {
  const entries = Array.from({ length: count }, (_, n) => ({
    name: `file ${(n * 7_919) % count}.txt`,
    folder: false,
    size: n,
    modified: new Date(n),
  }))
  return { entries, total: count }
}

test('a folder’s list is made once for all who ask at once, and for those who ask soon after', async () => {
  const listings = makeListings()
  const folder = tempDirectory()
  writeFileSync(path.join(folder, 'a.txt'), 'a')
  const [first, ...others] = await Promise.all(Array.from({ length: 50 }, () => listings.write(request(folder))))
  for (const other of [...others, await listings.write(request(folder))]) expect(other).toBe(first)
})

test('a folder that has changed is listed anew', async () => {
  const listings = makeListings()
  const folder = tempDirectory()
  expect(String(await listings.write(request(folder)))).toBe('[]\n')
  writeFileSync(path.join(folder, 'b.txt'), 'b')
  utimesSync(folder, new Date(1_000), new Date(1_000))
  expect(String(await listings.write(request(folder)))).toContain('b.txt')
})

test('of too many lists at once the last ones are told to come back, and there is room again afterwards', async () => {
  const listings = makeListings()
  const folders = Array.from({ length: 80 }, () => tempDirectory())
  const outcomes = await Promise.allSettled(folders.map((folder) => listings.write(request(folder))))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused).toHaveLength(80 - 66)
  for (const { reason } of refused) expect(reason).toBeInstanceOf(TooManyListingsError)
  for (const folder of folders.slice(0, 66)) expect(String(await listings.write(request(folder)))).toBe('[]\n')
})

test('a list of 10,000 lets others go first while it is sorted and written', async () => {
  const listing = many(10_000)
  expect(await turnsDuring(() => listingPage('T', true, listing, { column: 'name', down: true }))).toBeGreaterThan(5)
  expect(await turnsDuring(() => listingJson(listing))).toBeGreaterThan(5)
})

test('what is sorted in slices is sorted', async () => {
  for (const count of [0, 1, 255, 256, 257, 1_000, 5_000]) {
    const numbers = Array.from({ length: count }, (_, n) => (n * 7_919) % 1_009)
    expect(await sortInSlices(numbers, (a, b) => a - b)).toEqual(numbers.toSorted((a, b) => a - b))
  }
})

test('a name that holds half a letter, as Windows may have it, is shown with a sign in its place', async () => {
  const listing = { entries: [{ name: Buffer.from('a\ud800').toString(), folder: false, size: 1, modified: new Date(0) }], total: 1 }
  expect(await listingPage('T', true, listing, { column: 'name', down: false })).toContain('./a%EF%BF%BD')
})
