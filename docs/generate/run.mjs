// `npm run docs`: writes the reference pages anew from the contract.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const here = path.dirname(fileURLToPath(import.meta.url))
const { module } = await runnerImport(path.join(here, 'pages.ts'), { configFile: false })
for (const [name, text] of Object.entries(module.pages())) writeFileSync(path.join(here, '..', name), text)
