// @ts-check
// Bundles the stand-in for Electron into test/.standin/, which is git-ignored and never shipped.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = path.dirname(fileURLToPath(import.meta.url))

await build({
  configFile: false,
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  root: here,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: path.join(here, '../.standin'),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { launch: path.join(here, 'launch.ts'), child: path.join(here, 'child.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
})
