// `npm run bench` and `npm run bench:quick`: the figures of docs/performance.md. Never part of `npm test`: machines are noisy.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const here = path.dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' } } })
const { module } = await runnerImport(path.join(here, values.quick ? 'quick.ts' : 'full.ts'), { configFile: false })
await (values.quick ? module.quick() : module.full(values.only))
