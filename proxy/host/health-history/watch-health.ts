import type { Config } from '../../contract/config/document'
import { Alerts } from '../alerts/alerts'
import type { EventHub } from '../event-hub'
import type { Supervisor } from '../supervisor'
import type { HealthLog } from './health-log'
import { HealthRecorder } from './recorder'

export interface WatchHealthParts {
  readonly hub: EventHub
  readonly supervisor: Supervisor
  readonly health: HealthLog
  readonly config: () => Config
}

/** Keeps the history of health and raises alerts, out of what the engine tells; returns what ends it. */
export function watchHealth({ hub, supervisor, health, config }: WatchHealthParts): () => void {
  const recorder = new HealthRecorder(health)
  const alerts = new Alerts({ config, emit: (alert) => hub.emit('alert', alert), now: Date.now })
  let asking = false
  const look = async (): Promise<void> => {
    if (asking) return
    asking = true
    const status = await supervisor.status().catch(() => null)
    asking = false
    if (status !== null) recorder.look(status, Date.now())
  }
  const stops = [
    hub.on('tick', () => {
      alerts.ticked()
      void look()
    }),
    hub.on('health', (event) => {
      alerts.heard(event)
      void look()
    }),
    hub.on('engine', ({ state }) => {
      if (state === 'running') alerts.started()
      else recorder.stopped(Date.now())
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    alerts.stop()
    recorder.stopped(Date.now())
  }
}
