import { createHash, randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canReadInto } from '../../../proxy/engine/intake/read-into'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'

let gateway: Gateway
let backend: TestBackend
beforeEach(async () => {
  gateway = await startGateway()
  backend = await startBackend()
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }] })
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

const KB = 1024

test('this version of Node reads accepted connections into buffers of ours', () => {
  expect(canReadInto).toBe(true)
})

test.each(['content-length', 'chunked'])(
  'uploads of every size that follow one another and overlap arrive unmixed (%s)',
  async (framing) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 6 })
    const bodies = Array.from({ length: 120 }, (_, n) => randomBytes(1 + ((n * 37) % 12) * 33 * KB))
    await Promise.all(
      bodies.map(async (body) => {
        const answer = await upload(agent, body, framing)
        expect(answer.status).toBe(200)
        expect(JSON.parse(answer.text)).toMatchObject({
          bodyBytes: body.length,
          bodySha256: createHash('sha256').update(body).digest('hex'),
        })
      }),
    )
    agent.destroy()
  },
)

function upload(agent: Agent, body: Buffer, framing: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length }
    const asked = request({ host: '127.0.0.1', port: gateway.port, method: 'POST', agent, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
