/** What the system answers where it has no descriptor, or no memory, to give just now. */
const SHORTAGES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])

/**
 * Whether something failed for want of descriptors or memory alone: that passes, and says nothing of what was asked for. Some
 * of Node's errors have the system's code one level down (`os.networkInterfaces`: ERR_SYSTEM_ERROR).
 */
export function isShortage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && SHORTAGES.has(error.code)) return true
  const info = 'info' in error ? error.info : null
  return typeof info === 'object' && info !== null && 'code' in info && SHORTAGES.has(info.code)
}

/** What the system tells, or, where it cannot tell just now, what was known before. */
export function askSystem<Answer>(ask: () => Answer, before: Answer): Answer {
  try {
    return ask()
  } catch {
    return before // asked again soon, and until then the last answer is the best there is
  }
}

/**
 * Does something again and again, every `ms`. What fails once is told and done again the next time: nothing that is done
 * beside the traffic may end the process that serves it.
 */
export function steadily(work: () => unknown, ms: number, log: (line: string) => void = toStderr): NodeJS.Timeout {
  const once = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isShortage(error)) log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }
  const timer = setInterval(() => void once(), ms)
  timer.unref()
  return timer
}

function toStderr(line: string): void {
  process.stderr.write(`${line}\n`)
}
