import { Notification } from 'electron'
import { elapsed } from '../../proxy/contract/clock'
import type { Host } from '../../proxy/host/host'
import { NotificationPolicy, type Told, toldByAlert, toldByNotice } from './notification-policy'
import { OnScreen } from './on-screen'

const onScreen = new OnScreen<Notification>()

/** Shows what the host has to tell, unless the person switched that off; a click brings the window, where something can be done about it. */
export function notifyDesktop(host: Host, show: (place?: string) => void, log: (line: string) => void): void {
  const policy = new NotificationPolicy(elapsed)
  const tell = (told: Told): void => {
    if (!host.config.settings.alerts.desktop) return
    const decision = policy.decide(told)
    if (!decision.show) return
    try {
      showNotification(decision.cause, decision, () => show(decision.place))
    } catch (error) {
      log(`A notification could not be shown: ${String(error)}`)
    }
  }
  host.on('notice', (notice) => tell(toldByNotice(notice)))
  host.on('alert', (alert) => tell(toldByAlert(alert)))
}

/** Shows one notification; a former one of the same cause goes. */
export function showNotification(
  cause: string,
  { title, body, silent }: { title: string; body: string; silent: boolean },
  onClick: () => void,
): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body, silent })
  notification.on('click', () => {
    onScreen.forget(cause, notification)
    onClick()
  })
  notification.on('close', () => onScreen.forget(cause, notification))
  onScreen.add(cause, notification)
  notification.show()
}
