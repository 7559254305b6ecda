/** A path without the slashes at its end. Not by `/\/+$/`, which looks at a row of slashes once for each of them. */
export function withoutFinalSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
