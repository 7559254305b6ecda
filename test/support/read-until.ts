/** Reads an answer that does not end by itself until it matches, and gives what came; then ends it. */
export async function readUntil(answer: Response, pattern: RegExp): Promise<string> {
  if (!answer.body) throw new Error('the answer has no body')
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body) {
    text += decoder.decode(chunk, { stream: true })
    if (pattern.test(text)) return text
  }
  throw new Error(`the answer ended without ${String(pattern)}: ${text}`)
}
