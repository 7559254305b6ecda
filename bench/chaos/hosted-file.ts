import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const BYTES = Buffer.alloc(300_000, 'a hosted file ')

export const FILE_HASH = createHash('sha256').update(BYTES).digest('hex')

export function writeHostedFile(folder: string): void {
  writeFileSync(path.join(folder, 'page.bin'), BYTES)
}
