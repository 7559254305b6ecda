// `node bench/chaos.mjs [--minutes 10] [--only host]`: faults of the machine, one after the other, under mixed load with saves.
// Linux only: it runs in namespaces of its own, which end with it, and with them every process, mount and link that it made.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const USAGE = `What becomes of requests, saves and protection while the machine fails.

  npm run build && node bench/chaos.mjs [--minutes 10] [--only WORD] [--out bench/chaos-result.json]

Rounds of all faults until the minutes are over; --only: those with WORD in their name. Exits with 1 where something was lost
that the killed process did not hold, somebody got in who may not, a save was lost, or something is left at the end.
Wants Linux with util-linux and iproute2, as root or where user namespaces are allowed; for the clock libfaketime
(apt-get install faketime).`

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private']
/** Runs what follows, and takes in whoever loses its parent meanwhile, as the first process of a system does. */
const SHELL = ['sh', '-c', '"$@"; exit $?', 'chaos']

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: path.join(path.dirname(fileURLToPath(import.meta.url)), 'chaos-result.json') },
    inside: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const minutes = Number(values.minutes)
if (values.help || !(minutes > 0)) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}
process.exitCode = values.inside ? await inside() : enter()

/** Runs this file again in namespaces of its own; a shell is their first process, which takes in whoever lost its parent. */
function enter() {
  if (process.platform !== 'linux') {
    console.error('The chaos run needs the namespaces of Linux.')
    return 2
  }
  const rights = process.getuid?.() === 0 ? [] : ['--map-root-user']
  // Ctrl+C comes to the whole group: the run inside ends itself, and this one waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
  const { status, error } = spawnSync(
    'unshare',
    [...rights, ...NAMESPACES, ...SHELL, process.execPath, fileURLToPath(import.meta.url), '--inside', ...process.argv.slice(2)],
    { stdio: 'inherit' },
  )
  if (error) console.error(`unshare could not be run: ${error.message}`)
  return status ?? 1
}

async function inside() {
  const file = path.join(path.dirname(fileURLToPath(import.meta.url)), 'chaos/run.ts')
  const { module } = await runnerImport(file, { configFile: false })
  return (await module.chaos({ minutes, only: values.only, out: values.out })) ? 0 : 1
}
