/**
 * @typedef {object} Turn
 * @property {(text: string | Uint8Array) => void} write
 * @property {() => void} end
 */

/** @type {{ text: (string | Uint8Array)[], over: boolean }[]} */
const waiting = []

/**
 * A place in the order of those who write to one output at the same time: the first writes straight away, what the others
 * write is kept until those before them have ended.
 * @param {{ write(text: string | Uint8Array): unknown }} output
 * @returns {Turn}
 */
export function takeTurn(output) {
  /** @type {(typeof waiting)[number]} */
  const mine = { text: [], over: false }
  waiting.push(mine)
  return {
    write: (text) => {
      if (waiting[0] === mine) output.write(text)
      else mine.text.push(text)
    },
    end: () => {
      mine.over = true
      while (waiting[0]?.over) {
        waiting.shift()
        for (const text of waiting[0]?.text.splice(0) ?? []) output.write(text)
      }
    },
  }
}
