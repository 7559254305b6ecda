// `npm test`: types, lint, import rules, then every test over real sockets, processes and browsers. Plain Node, because
// it also installs what the others need.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { installDependencies, installPrograms } from './prepare.mjs'
import { playwrightCounts, vitestCounts } from './counts.mjs'
import { root, run } from './step.mjs'

installDependencies()
installPrograms()

const reports = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-test-'))
const unitReport = path.join(reports, 'vitest.json')
const browserReport = path.join(reports, 'playwright.json')
const bin = (name) => path.join(root, 'node_modules', name)

const steps = [
  () => run('types', bin('typescript/bin/tsc'), ['-b']),
  () => run('lint', bin('oxlint/bin/oxlint'), ['--type-aware', '--deny-warnings', '.']),
  () => run('import rules', bin('dependency-cruiser/bin/dependency-cruise.mjs'), ['proxy', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs']),
  () => run('build', path.join(root, 'electron/launch/build.mjs'), []),
  () => run('unit and integration tests', bin('vitest/vitest.mjs'), ['run', '-c', 'test/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`]),
  () => run('stand-in for the Electron runtime', path.join(root, 'test/standin/build.mjs'), []),
  () => run('end-to-end tests in Chromium', bin('@playwright/test/cli.js'), ['test', '-c', 'test/playwright.config.ts', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport }),
]

const failures = steps.map((step) => step()).filter((failure) => failure !== null)
const counts = [vitestCounts(unitReport), playwrightCounts(browserReport)]
rmSync(reports, { recursive: true, force: true })

for (const failure of failures) console.error(`\nnpm test: ${failure} failed; its messages are above.`)
const sum = (key) => counts.reduce((total, count) => total + count[key], 0)
// A step that died before it could count its tests must not look like a clean run.
console.log(`\n${sum('passed')} passed, ${Math.max(sum('failed'), failures.length)} failed, ${sum('skipped')} skipped`)
process.exit(failures.length > 0 || sum('failed') > 0 ? 1 : 0)
