// `node bench/versus.mjs OTHER-CHECKOUT [rounds]`: this version of the engine beside another, both built, in one run; writes
// bench/versus-result.json.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const other = process.argv[2]
if (other === undefined) throw new Error('name the other checkout, in which npm run build was run')
const here = path.dirname(fileURLToPath(import.meta.url))
const { module } = await runnerImport(path.join(here, 'versus.ts'), { configFile: false })
await module.versus(path.resolve(other), Number(process.argv[3] ?? 7))
