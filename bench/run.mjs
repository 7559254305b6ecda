// `npm run bench:quick`: the figures of docs/performance.md that fit into 90 s. Never part of `npm test`: machines are noisy.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = path.dirname(fileURLToPath(import.meta.url))
const { module } = await runnerImport(path.join(here, 'quick.ts'), { configFile: false })
await module.quick()
