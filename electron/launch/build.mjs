// @ts-check
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import locales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

// Makes everything in out/: `node electron/launch/build.mjs [--only engine,cli,renderer] [--watch]`.
// One tool for all bundles. Dependencies are bundled, so out/ runs without node_modules; only `electron` stays outside.

/** @typedef {{ name: string, entry: string, config: import('vite').InlineConfig }} Bundle */

const root = path.resolve(fileURLToPath(import.meta.url), '../../..')

/** @type {import('vite').InlineConfig} */
const common = { root, configFile: false, envDir: false, logLevel: 'warn', clearScreen: false }

/**
 * A bundle that Node or Electron runs.
 * @param {string} name
 * @param {string} entry
 * @param {{ format?: 'es' | 'cjs', outDir?: string }} [options]
 * @returns {Bundle}
 */
export function nodeBundle(name, entry, { format = 'es', outDir = 'out' } = {}) {
  const entryFileNames = format === 'cjs' ? '[name].cjs' : '[name].js'
  return {
    name,
    entry,
    config: {
      ...common,
      publicDir: false,
      ssr: { noExternal: true, external: ['electron'] },
      build: {
        ssr: true,
        outDir,
        emptyOutDir: false,
        // The oldest Node we run on; Electron brings a newer one.
        target: 'node20',
        minify: false,
        sourcemap: true,
        reportCompressedSize: false,
        rolldownOptions: {
          input: { [name]: path.join(root, entry) },
          external: [/^electron(\/|$)/],
          output: { format, entryFileNames, codeSplitting: false },
        },
      },
    },
  }
}

/**
 * The pages. No inline script and no inlined asset, because the Content-Security-Policy forbids both.
 * @returns {Bundle}
 */
function rendererBundle() {
  return {
    name: 'renderer',
    entry: 'renderer/index.html',
    config: {
      ...common,
      root: path.join(root, 'renderer'),
      base: './',
      // The interface speaks English; the other languages of React Aria's own words were a tenth of the bundle.
      plugins: [react(), locales.vite({ locales: ['en-US'] })],
      build: {
        outDir: path.join(root, 'out/renderer'),
        emptyOutDir: true,
        target: 'chrome140',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        sourcemap: true,
        reportCompressedSize: false,
        // The bundle's size is measured by `npm run bench:quick`, compressed.
        chunkSizeWarningLimit: 2_000,
      },
    },
  }
}

/** @type {readonly Bundle[]} */
const bundles = [
  nodeBundle('engine', 'proxy/engine/main.ts'),
  nodeBundle('gateway', 'electron/utility/index.ts'),
  nodeBundle('cli', 'proxy/cli/cli.ts'),
  nodeBundle('main', 'electron/main/index.ts'),
  nodeBundle('preload', 'electron/preload/index.ts', { format: 'cjs' }),
  rendererBundle(),
]

/**
 * The same bundle, built into another folder than out/.
 * @param {Bundle} bundle
 * @param {string} folder
 * @returns {Bundle}
 */
function into(bundle, folder) {
  const outDir = path.join(folder, path.relative(path.join(root, 'out'), path.resolve(root, bundle.config.build?.outDir ?? 'out')))
  return { ...bundle, config: { ...bundle.config, build: { ...bundle.config.build, outDir } } }
}

/**
 * Puts what was built in the place of what was there, one rename for each: a program that starts meanwhile finds the old
 * or the new, never half of one. What a failed build leaves is not moved at all.
 * @param {string} folder
 */
function moveToOut(folder) {
  const out = path.join(root, 'out')
  mkdirSync(out, { recursive: true })
  for (const name of readdirSync(folder)) {
    const former = path.join(folder, `${name}.former`)
    // A folder can only be renamed to a name that is free.
    if (name === 'renderer' && existsSync(path.join(out, name))) renameSync(path.join(out, name), former)
    renameSync(path.join(folder, name), path.join(out, name))
  }
}

/**
 * @param {Bundle} bundle
 * @param {boolean} watch
 */
export async function buildBundle(bundle, watch = false) {
  if (!existsSync(path.join(root, bundle.entry))) {
    console.error(`skipped ${bundle.name}: there is no ${bundle.entry}`)
    return
  }
  await build({ ...bundle.config, build: { ...bundle.config.build, watch: watch ? {} : null } })
}

/**
 * @param {readonly string[]} args
 * @returns {readonly string[] | null} the bundles to build, null for all
 */
function readOnly(args) {
  const at = args.indexOf('--only')
  if (at < 0) return null
  const names = (args[at + 1] ?? '').split(',')
  const unknown = names.find((name) => !bundles.some((bundle) => bundle.name === name))
  if (unknown !== undefined) throw new Error(`There is no bundle “${unknown}”. Bundles: ${bundles.map(({ name }) => name).join(', ')}.`)
  return names
}

async function main() {
  const args = process.argv.slice(2)
  const only = readOnly(args)
  // Taken before the build: a source saved while it runs makes the stamp stale.
  const startedAt = new Date()
  const wanted = bundles.filter(({ name }) => only === null || only.includes(name))
  if (args.includes('--watch')) {
    for (const bundle of wanted) await buildBundle(bundle, true)
    return
  }
  // Beside out/, so that the paths in the source maps are right after the move.
  const folder = path.join(root, `.out-${process.pid}`)
  try {
    for (const bundle of wanted) await buildBundle(into(bundle, folder))
    moveToOut(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  if (only === null) {
    writeFileSync(path.join(root, 'out/.stamp'), `${startedAt.toISOString()}\n`)
  }
  console.error(`built ${only?.join(', ') ?? 'out/'} in ${Date.now() - startedAt.getTime()} ms`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    // A stack of the bundler's own says nothing about the source that is wrong.
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
