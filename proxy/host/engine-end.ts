import type { EngineEnd } from './engine-process'

/** Signals by which the system ends a program for a fault of its own (signal(7)); any other was sent by somebody. */
const OF_A_FAULT: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'])

/** V8's last words before it aborts for want of heap; what follows is a SIGABRT like that of any other fault. */
const LAST_WORDS = /FATAL ERROR: /i
const OUT_OF_HEAP = /out of memory/i

/** Whether a line that the engine printed says that its memory ran out. */
export function tellsOutOfMemory(line: string): boolean {
  const at = line.search(LAST_WORDS)
  return at !== -1 && OUT_OF_HEAP.test(line.slice(at))
}

/** What a Node child's exit was. `outOfMemory`: it had said so before. */
export function endOfChild(code: number | null, signal: string | null, outOfMemory: boolean): EngineEnd {
  if (outOfMemory && code !== 0) return { kind: 'out-of-memory', code }
  if (signal !== null) return { kind: OF_A_FAULT.has(signal) ? 'crashed' : 'killed', code, signal }
  return { kind: 'exited', code: code ?? 0 }
}

/** An engine's end as the second half of a sentence: "it ended with code 1". */
export function endWords(end: EngineEnd): string {
  switch (end.kind) {
    case 'exited':
      return `it ended with code ${end.code}`
    case 'out-of-memory':
      return 'it ran out of memory'
    case 'not-started':
      return `it could not be started (${end.reason})`
    case 'crashed':
      return `it crashed (${markOf(end)})`
    case 'killed':
      return `it was killed from outside (${markOf(end)}), as the system does where memory is short`
    case 'gone':
      return 'it has ended; how cannot be told, since an earlier start of AstroRelay had begun it'
    case 'lost':
      return 'it cannot be reached any more'
    default:
      return end satisfies never
  }
}

function markOf({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string {
  return signal ?? (code === null ? 'the system says no more' : `code ${code}`)
}
