// `npm test`: types, lint, import rules, then every test over real sockets, processes and browsers. Plain Node, because
// it also installs what the others need.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { installPackages } from '../../electron/launch/install.mjs'
import { installPrograms } from './prepare.mjs'
import { playwrightCounts, vitestCounts } from './counts.mjs'
import { inOrder, root, step } from './step.mjs'

installPackages(root)
installPrograms()

const reports = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-test-'))
const unitReport = path.join(reports, 'vitest.json')
const browserReport = path.join(reports, 'playwright.json')

const bundles = [
  step('build', path.join(root, 'electron/launch/build.mjs'), []),
  step('stand-in for the Electron runtime', path.join(root, 'test/standin/build.mjs'), []),
]
const checks = [
  step('types', tool('typescript/bin/tsc'), ['-b']),
  step('format', tool('oxfmt/bin/oxfmt'), ['--check', '.']),
  step('lint', tool('oxlint/bin/oxlint'), ['--type-aware', '--deny-warnings', '.']),
  step('import rules', tool('dependency-cruiser/bin/dependency-cruise.mjs'), [
    'proxy',
    'electron',
    'renderer',
    '--config',
    '.dependency-cruiser.cjs',
  ]),
]
const browserTests = step(
  'end-to-end tests in Chromium',
  tool('@playwright/test/cli.js'),
  ['test', '-c', 'test/playwright.config.ts', '--reporter=list,json'],
  { PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
)
const otherTests = step('unit and integration tests', tool('vitest/vitest.mjs'), [
  'run',
  '-c',
  'test/vitest.config.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unitReport}`,
])

// The browser tests wait for a page most of the time: the checks have the processor meanwhile. The other tests run by
// themselves, because an app that looks for what is on this machine asks every port of theirs too.
const outcomes = [
  ...(await inOrder(bundles)),
  ...(await Promise.all([inOrder(checks), inOrder([browserTests])])).flat(),
  await otherTests(),
]
const failures = outcomes.filter((failure) => failure !== null)
const counts = [vitestCounts(unitReport), playwrightCounts(browserReport)]
rmSync(reports, { recursive: true, force: true })

for (const failure of failures) console.error(`\nnpm test: ${failure} failed; its messages are above.`)
const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
const skipped = counts.reduce((sum, count) => sum + count.skipped, 0)
// A step that died before it could count its tests must not look like a clean run.
console.log(`\n${passed} passed, ${Math.max(failed, failures.length)} failed, ${skipped} skipped`)
process.exit(failures.length > 0 || failed > 0 ? 1 : 0)

/**
 * A tool's own script below node_modules.
 * @param {string} script
 */
function tool(script) {
  return path.join(root, 'node_modules', script)
}
