/** Reads an answer that does not end by itself until it matches, and gives what came; then ends it. */
export async function readUntil(answer: Response, pattern: RegExp): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const piece = await reader?.read()
    if (piece?.value) text += decoder.decode(piece.value, { stream: true })
    if (pattern.test(text)) break
    if (piece === undefined || piece.done) throw new Error(`the answer ended without ${String(pattern)}: ${text}`)
  }
  await reader?.cancel()
  return text
}
