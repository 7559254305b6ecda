// `node bench/soak.mjs [minutes] [one kind of client]`: mixed load on one engine, 30 minutes unless told otherwise; says whether its memory stays
// flat and writes bench/soak-result.json.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const minutes = Number(process.argv[2] ?? 30)
if (!(minutes > 0)) throw new Error('give the minutes as a number, such as 30')
const here = path.dirname(fileURLToPath(import.meta.url))
const { module } = await runnerImport(path.join(here, 'soak.ts'), { configFile: false })
process.exitCode = (await module.soak(minutes, process.argv[3])) ? 0 : 1
