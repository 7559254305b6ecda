import { EnginePlaces } from '../../proxy/host/spawn/engine-place'
import { isAlive, killProcess } from '../../proxy/system/process-birth'
import { until } from './until'

/** The engine's process of a data directory, as its host or the next one finds it; null where there is none. */
export function engineOf(data: string): { readonly pid: number; readonly born: string | null } | null {
  const mark = new EnginePlaces(data).recall()?.process ?? null
  return mark !== null && isAlive(mark) ? mark : null
}

/** Ends the engine that a killed host has left serving. */
export async function endLeftEngine(data: string): Promise<void> {
  const engine = engineOf(data)
  if (engine === null) return
  killProcess(engine)
  await until('the end of the engine', () => !isAlive(engine))
}
