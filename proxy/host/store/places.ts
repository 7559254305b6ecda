import { lstatSync, readlinkSync } from 'node:fs'
import path from 'node:path'

/** As many links as Linux follows on one way (path_resolution(7)). */
const LINKS = 40

/**
 * The folders in which the way to a file can change, with the names to look for there: where the file itself lies, and
 * where each link on the way lies, of the file or of a folder above it. A way that ends early ends with the name that is
 * missing. A folder's own name is among its names, since that is what the system tells when the folder itself goes.
 */
export function placesOf(file: string): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>()
  const { root } = path.parse(path.resolve(file))
  let folder = root
  let rest = partsOf(path.resolve(file).slice(root.length))
  let links = 0
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    const here = path.join(folder, name) // which takes `..` of a link's target as the system does, the folder being real
    const target = linkTarget(here)
    if (target === 'none') {
      if (rest.length === 0) note(places, folder, name)
      folder = here
      continue
    }
    note(places, folder, name)
    if (target === 'missing' || ++links > LINKS) break
    const from = path.isAbsolute(target.to) ? path.parse(target.to).root : folder
    rest = [...partsOf(target.to.slice(path.isAbsolute(target.to) ? from.length : 0)), ...rest]
    folder = from
  }
  return places
}

function note(places: Map<string, Set<string>>, folder: string, name: string): void {
  const names = places.get(folder) ?? new Set([path.basename(folder)])
  places.set(folder, names.add(name))
}

function partsOf(way: string): string[] {
  return way.split(path.sep).filter((part) => part !== '' && part !== '.')
}

function linkTarget(place: string): { readonly to: string } | 'none' | 'missing' {
  try {
    return lstatSync(place).isSymbolicLink() ? { to: readlinkSync(place) } : 'none'
  } catch {
    return 'missing' // or out of our reach, which comes to the same
  }
}
