import { Notification } from 'electron'
import { parseConfig } from '../../proxy/contract/parse'
import type { Host } from '../../proxy/host/host'
import { NotificationPolicy, type Told, toldByAlert, toldByNotice } from './notification-policy'

/** Notifications on screen, by cause. Held on to: one that is collected loses its click. */
const onScreen = new Map<string, Notification>()

/** Shows what the host has to tell, unless the person switched that off; a click brings the window, where something can be done about it. */
export function notifyDesktop(host: Host, show: (place?: string) => void, log: (line: string) => void): void {
  const policy = new NotificationPolicy(Date.now)
  const tell = async (told: Told) => {
    if (!(await areWanted(host))) return
    const decision = policy.decide(told)
    if (decision.show) showNotification(decision.cause, decision, () => show(decision.place))
  }
  const tellOrLog = (told: Told) => void tell(told).catch((error: unknown) => log(`A notification could not be shown: ${String(error)}`))
  host.on('notice', (notice) => tellOrLog(toldByNotice(notice)))
  host.on('alert', (alert) => tellOrLog(toldByAlert(alert)))
}

/** Shows one notification; a former one of the same cause goes. */
export function showNotification(
  cause: string,
  { title, body, silent }: { title: string; body: string; silent: boolean },
  onClick: () => void,
): void {
  if (!Notification.isSupported()) return
  onScreen.get(cause)?.close()
  const notification = new Notification({ title, body, silent })
  notification.on('click', () => {
    onScreen.delete(cause)
    onClick()
  })
  onScreen.set(cause, notification)
  notification.show()
}

async function areWanted(host: Host): Promise<boolean> {
  const { document } = await host.handlers['config.get']({})
  const parsed = parseConfig(document)
  return !parsed.ok || parsed.config.settings.alerts.desktop
}
