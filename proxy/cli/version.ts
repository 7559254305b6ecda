import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** The product's version, from the package that the bundle lies in. */
export function version(): string {
  const file = path.join(import.meta.dirname, '..', 'package.json')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
