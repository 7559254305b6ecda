import { execFile } from 'node:child_process'
import { steadily } from '../system/steady'

/**
 * Tells systemd that the gateway is ready, and from then on that this program turns (sd_notify(3)), where it was started by a
 * unit that asks for it. The engine is this program's to watch.
 */
export function tellServiceManager(log: (line: string) => void): void {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog } = process.env
  if (socket === undefined || socket === '') return
  notify('READY=1', log)
  const micros = Number(watchdog)
  if (!(micros > 0)) return
  // Twice in the span that is allowed, as sd_watchdog_enabled(3) advises.
  steadily(() => notify('WATCHDOG=1', log), micros / 2_000)
}

/** Node has no datagrams over local sockets; systemd's own helper has. */
function notify(word: string, log: (line: string) => void): void {
  execFile('systemd-notify', [word], (error) => {
    if (error !== null) log(`systemd could not be told ${word}: ${error.message}`)
  })
}
