import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { out } from '../engine'
import type { Row } from '../row'

/** What a browser fetches for the interface: page, scripts and styles, gzipped. */
export async function bundleSize(): Promise<Row[]> {
  const folder = path.join(out, 'renderer')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(html|js|css)$/.test(name))
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(folder, name))).length, 0)
  const kilobytes = Math.round(bytes / 1024)
  return [
    {
      figure: 'renderer bundle',
      value: kilobytes,
      unit: 'KB',
      goal: '< 350 KB',
      holds: kilobytes < 350,
      note: `gzipped; ${files.length} files`,
    },
  ]
}
