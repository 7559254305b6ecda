import { Session } from 'node:inspector'

/** Methods that look through all of what they are called on, which no counter of ours sees the inside of. */
const THROUGH_TEXT = ['includes', 'split', 'replace', 'replaceAll', 'search', 'match', 'trim', 'toLowerCase', 'toUpperCase'] as const
const THROUGH_LIST = ['includes', 'join', 'slice', 'concat', 'shift', 'unshift', 'splice', 'toReversed', 'reverse'] as const
const THROUGH_BYTES = ['includes', 'toString'] as const

interface Call {
  readonly self: unknown
  readonly given: readonly unknown[]
  readonly result: unknown
}

const all = ({ self }: Call): number => lengthOf(self)

/** Those that end where they have found something. */
function upTo({ self, given: [, from], result }: Call): number {
  const start = typeof from === 'number' ? from : 0
  return Math.max(1, (typeof result === 'number' && result !== -1 ? result : lengthOf(self)) - start)
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) || Buffer.isBuffer(value) ? value.length : 0
}

/** Counts what a function does, in steps that are the same at each run: blocks of code gone through, and signs looked through by methods of the language. */
export class StepCounter {
  private readonly session = new Session()
  private signs = 0

  /** To be called before the code to be counted is loaded: what is compiled earlier has no counters in its blocks. */
  constructor() {
    this.session.connect()
    this.session.post('Profiler.enable')
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  of(run: () => void): number {
    this.taken()
    const undo = [
      ...THROUGH_TEXT.map((name) => this.watch(String.prototype, name, all)),
      ...THROUGH_LIST.map((name) => this.watch(Array.prototype, name, all)),
      ...THROUGH_BYTES.map((name) => this.watch(Buffer.prototype, name, all)),
      ...[String.prototype, Array.prototype, Buffer.prototype].map((holder) => this.watch(holder, 'indexOf', upTo)),
      // Not `exec`, which others of the language's own methods call again and again.
      this.watch(RegExp.prototype, 'test', ({ given: [text] }) => lengthOf(text)),
      this.watch(Buffer, 'concat', ({ result }) => lengthOf(result)),
    ]
    this.signs = 0
    try {
      run()
    } finally {
      for (const back of undo) back()
    }
    return this.taken() + this.signs
  }

  stop(): void {
    this.session.disconnect()
  }

  /** Blocks gone through since it was asked last. */
  private taken(): number {
    let sum = 0
    this.session.post('Profiler.takePreciseCoverage', (_, answer) => {
      for (const { functions, url } of answer.result) {
        if (!url.includes('/proxy/') && !url.includes('/node_modules/ipaddr.js/') && !url.includes('/node_modules/fresh/')) continue
        for (const { ranges } of functions) for (const { count } of ranges) sum += count
      }
    })
    return sum
  }

  private watch(holder: object, name: string, cost: (call: Call) => number): () => void {
    const own = Object.getOwnPropertyDescriptor(holder, name)
    const before: unknown = own?.value
    if (own === undefined || typeof before !== 'function') throw new Error(`there is no ${name}`)
    const add = (count: number): void => void (this.signs += count)
    Object.defineProperty(holder, name, {
      ...own,
      value(this: unknown, ...given: unknown[]): unknown {
        const result: unknown = Reflect.apply(before, this, given)
        add(cost({ self: this, given, result }))
        return result
      },
    })
    return () => void Object.defineProperty(holder, name, own)
  }
}
