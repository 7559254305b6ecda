import { run } from './run'

// `astrorelay status | head -1`, a log that is no longer read: nobody listens, which is no reason to end a gateway.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
process.exitCode = await run(process.argv.slice(2))
