import { onTestFinished, vi } from 'vitest'

export interface SteppedClocks {
  /** Somebody sets the time of day: the clock that never jumps goes on as it did. */
  set(by: number): void
  /** Time passes, for both clocks. */
  pass(ms: number): void
}

/** Both clocks of this process in the test's hand, for what asks them anew each time; timers of the system keep their own. */
export function steppedClocks(): SteppedClocks {
  const [wall, steady] = [Date.now.bind(Date), performance.now.bind(performance)]
  let set = 0
  let passed = 0
  const mocks = [
    vi.spyOn(Date, 'now').mockImplementation(() => wall() + set + passed),
    vi.spyOn(performance, 'now').mockImplementation(() => steady() + passed),
  ]
  onTestFinished(() => {
    for (const mock of mocks) mock.mockRestore()
  })
  return {
    set(by) {
      set += by
    },
    pass(ms) {
      passed += ms
    },
  }
}
