import type { EngineEnd } from '../../proxy/host/engine-process'

/** What Electron's `child-process-gone` tells of a process, as far as it concerns us. */
export type Gone = Pick<Electron.Details, 'reason' | 'exitCode'>

/** What a utility process's end was. `gone` is null where Electron reported nothing but the exit. */
export function endOfUtility(code: number, gone: Gone | null): EngineEnd {
  switch (gone?.reason) {
    case 'crashed':
      return { kind: 'crashed', code, signal: null }
    case 'killed':
      return { kind: 'killed', code, signal: null }
    case 'oom':
    case 'memory-eviction':
      return { kind: 'out-of-memory', code }
    case 'launch-failed':
    case 'integrity-failure':
      return { kind: 'not-started', reason: gone.reason === 'launch-failed' ? 'the system refused to' : 'its files were changed' }
    case 'clean-exit':
    case 'abnormal-exit':
    case undefined:
    default:
      return { kind: 'exited', code }
  }
}
