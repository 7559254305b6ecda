import { elapsed, wallTime } from '../../contract/clock'
import type { Config } from '../../contract/config/document'
import { Alerts } from '../alerts/alerts'
import type { EventHub } from '../event-hub'
import type { Supervisor } from '../supervisor'
import type { HealthLog } from './health-log'
import { HealthRecorder } from './recorder'

export interface WatchHealthParts {
  readonly hub: EventHub
  readonly supervisor: Pick<Supervisor, 'status'>
  readonly health: HealthLog
  readonly config: () => Config
}

/** Keeps the history of health and raises alerts, out of what the engine tells; returns what ends it. */
export function watchHealth({ hub, supervisor, health, config }: WatchHealthParts): () => void {
  const recorder = new HealthRecorder(health)
  const alerts = new Alerts({ config, emit: (alert) => hub.emit('alert', alert), elapsed, wallTime })
  const services = () => supervisor.status()?.services ?? null
  const lookAtAll = (): void => {
    const all = services()
    if (all !== null) recorder.look(all, wallTime())
    alerts.review(all)
  }
  const stops = [
    hub.on('tick', ({ verdicts }) => {
      const wasAlive = recorder.alive(wallTime())
      alerts.ticked()
      if (!wasAlive || verdicts !== undefined || alerts.waits) lookAtAll()
    }),
    hub.on('health', (event) => {
      alerts.heard(event)
      const service = services()?.find(({ id }) => id === event.service)
      if (service !== undefined) recorder.note(service, wallTime())
    }),
    hub.on('config', lookAtAll),
    hub.on('engine', ({ state }) => {
      if (state === 'running') {
        alerts.started()
        return lookAtAll()
      }
      recorder.stopped(wallTime())
      if (state === 'stopped' || state === 'failed') alerts.stopped()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    alerts.stop()
    recorder.stopped(wallTime())
  }
}
