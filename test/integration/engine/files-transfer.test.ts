import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, openSync, closeSync, readdirSync, readlinkSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw } from '../../support/raw-client'
import { standsStill } from '../../support/stands-still'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const MB = 1 << 20
const run = promisify(execFile)

async function host(
  megabytes: number,
  more: Partial<ServiceDocument> = {},
): Promise<{ gateway: Gateway; port: number; file: string; url: string }> {
  const root = tempDirectory()
  const file = path.join(root, 'big.bin')
  const handle = openSync(file, 'w')
  const block = randomBytes(MB)
  for (let count = 0; count < megabytes; count++) {
    block.writeUInt32LE(count) // no two blocks are the same: one sent twice, or left out, would be seen
    writeSync(handle, block)
  }
  closeSync(handle)
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'manuals', type: 'files', root, ...more })
  return { gateway, port: gateway.port, file, url: `${gateway.origin}/big.bin` }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file)) hash.update(piece)
  return hash.digest('hex')
}

/** How often this process has the file open. */
function timesOpen(file: string): number {
  return readdirSync('/proc/self/fd').filter((handle) => {
    try {
      return readlinkSync(`/proc/self/fd/${handle}`).startsWith(file)
    } catch {
      return false
    }
  }).length
}

function start(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => void get(url, { agent: false }, resolve).on('error', reject))
}

const GET_BIG = 'GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n'

test('curl gets any part of a file, and the whole of it', async () => {
  const { url, file } = await host(3)
  const got = path.join(path.dirname(file), '../', `${path.basename(path.dirname(file))}.part`)
  for (const [range, size] of [
    ['0-99', 100],
    ['1000000-2999999', 2_000_000],
    ['-5', 5],
    [`${3 * MB - 1}-`, 1],
  ] as const) {
    const { stdout } = await run('curl', ['-s', '-r', range, '-w', '%{http_code}', '-o', got, url])
    expect([stdout, statSync(got).size]).toEqual(['206', size])
  }
  await run('curl', ['-s', '-o', got, url])
  expect(await sha256(got)).toBe(await sha256(file))
  await run('rm', [got])
})

test('a download that broke off is resumed by curl where it stopped, and is the same file in the end', async () => {
  const { gateway, url, file } = await host(20)
  const got = path.join(tempDirectory(), 'got.bin')
  const curl = execFile('curl', ['-s', '--limit-rate', '2M', '-o', got, url])
  await until('a part to have come', () => (statSync(got, { throwIfNoEntry: false })?.size ?? 0) > MB)
  curl.kill('SIGKILL')
  await once(curl, 'close')
  const size = statSync(got).size
  expect(size).toBeLessThan(20 * MB)
  const { stdout } = await run('curl', ['-s', '-C', '-', '-w', '%{http_code}', '-o', got, url])
  expect([stdout, await sha256(got)]).toEqual(['206', await sha256(file)])
  await until('the file to be closed', () => timesOpen(file) === 0)
  expect((await gateway.rows()).map(({ status }) => status)).toContain(206)
  // Nothing is left to get: curl takes that for well.
  await run('curl', ['-s', '-C', '-', '-o', got, url])
  expect(await sha256(got)).toBe(await sha256(file))
})

// That a large file never lies in memory is measured on an engine alone: process.test.ts.
test('a client that reads slowly holds the file back, and gets all of it in the end', async () => {
  const { gateway, port, file } = await host(60, { hosts: ['a'] })
  const sent = async (): Promise<number> => (await gateway.status()).services[0]?.traffic.bytesOut ?? 0
  const socket = await openRaw(port, GET_BIG)
  socket.pause()
  const last = await standsStill('what is read ahead', sent, () => ask(port, '/', { headers: { host: 'nobody.test' } }))
  // What the two sides' systems take, and little more.
  expect(last).toBeLessThan(20 * MB)
  expect(timesOpen(file)).toBe(1)
  const hash = createHash('sha256')
  let [head, size] = [true, 0]
  socket.on('data', (chunk: Buffer) => {
    const body = head ? chunk.subarray(chunk.indexOf('\r\n\r\n') + 4) : chunk
    head = false
    hash.update(body)
    size += body.length
  })
  socket.resume()
  await until('all of it', () => size >= 60 * MB)
  expect([size, hash.digest('hex')]).toEqual([60 * MB, await sha256(file)])
  await until('the file to be closed', () => timesOpen(file) === 0)
  socket.destroy()
})

test('a client that goes away closes the file, and the row says who ended it', async () => {
  const { gateway, port, file } = await host(60)
  const sockets = await Promise.all(Array.from({ length: 10 }, () => openRaw(port, GET_BIG)))
  for (const socket of sockets) socket.pause()
  await until('all to be open', () => timesOpen(file) === 10)
  for (const socket of sockets.slice(0, 5)) socket.destroy()
  for (const socket of sockets.slice(5)) socket.resetAndDestroy()
  await until('all to be closed', () => timesOpen(file) === 0)
  await until('their rows', async () => (await gateway.rows()).length === 10)
  for (const row of await gateway.rows()) {
    expect(row).toMatchObject({ endedBy: 'client', reason: 'the client went away' })
    // One that left before the answer began has none.
    expect([0, 200]).toContain(row.status)
    expect(row.bytesOut).toBeLessThan(60 * MB)
  }
  expect((await gateway.status()).services[0]?.traffic).toMatchObject({ inFlight: 0, failed: 0 })
})

test('clients that go away while a file is looked up leave none open', async () => {
  const { gateway, port, file } = await host(1)
  for (let round = 0; round < 20; round++) {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => openRaw(port)))
    for (const socket of sockets) socket.write(GET_BIG, () => void socket.resetAndDestroy())
  }
  await until(
    'all to be over',
    async () => (await gateway.status()).services[0]?.traffic.inFlight === 0 && (await gateway.status()).listeners[0]?.connections === 0,
  )
  await until('all to be closed', () => timesOpen(file) === 0)
  expect((await ask(port, '/big.bin', { method: 'HEAD' })).status).toBe(200)
})

test('no answer leaves its file open, whatever it is', async () => {
  const { gateway, port, file } = await host(1)
  const {
    headers: { etag = '' },
  } = await ask(port, '/big.bin', { method: 'HEAD' })
  writeFileSync(`${file}.gz`, 'packed')
  const asked: Record<string, string>[] = [
    {},
    { range: 'bytes=0-9' },
    { range: 'bytes=99999999-' },
    { 'if-none-match': etag },
    { 'if-match': '"x"' },
    { 'accept-encoding': 'gzip' },
  ]
  for (const headers of asked) for (const method of ['GET', 'HEAD']) await ask(port, '/big.bin', { method, headers })
  await until('all to be closed', () => timesOpen(file) === 0)
  expect((await gateway.status()).services[0]?.traffic.inFlight).toBe(0)
})

test('a file that is cut short while it is sent breaks the connection, instead of looking complete', async () => {
  const { gateway, file, url } = await host(60)
  const answer = await start(url)
  answer.pause()
  await until('it to have begun', async () => ((await gateway.status()).services[0]?.traffic.bytesOut ?? 0) > 0)
  truncateSync(file, 10)
  let size = 0
  const failed = once(answer, 'error').then(() => 'broken')
  const ended = once(answer, 'end').then(() => 'complete')
  answer.on('data', (chunk: Buffer) => void (size += chunk.length)).resume()
  expect(await Promise.race([failed, ended])).toBe('broken')
  expect(size).toBeLessThan(60 * MB)
  await until('its row', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ status: 200, endedBy: 'gateway', reason: 'the file became shorter while it was sent' })
  await until('the file to be closed', () => timesOpen(file) === 0)
})

test('a file that grows while it is sent is sent as long as was announced, and the connection goes on', async () => {
  const { gateway, port, file } = await host(20)
  const socket = await openRaw(port, `${GET_BIG}GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  socket.pause()
  await until('it to have begun', async () => ((await gateway.status()).services[0]?.traffic.bytesOut ?? 0) > 0)
  writeFileSync(file, 'and more', { flag: 'a' })
  let [size, tail] = [0, '']
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length
    tail = (tail + chunk.toString('latin1')).slice(-4_096)
  })
  socket.resume()
  await once(socket, 'close')
  expect(size).toBeGreaterThan(20 * MB)
  expect(tail).toContain('HTTP/1.1 404 ')
  expect(tail).not.toContain('and more')
})

test('a client that takes nothing for as long as the service says is given up', async () => {
  const { gateway, port, file } = await host(60, { timeouts: { idle: '1s' } })
  const socket = await openRaw(port, GET_BIG)
  socket.pause()
  await until('it to be given up', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'client', reason: 'the client took nothing for 1 s' })
  await until('the file to be closed', () => timesOpen(file) === 0)
  socket.destroy()
})

test('a gateway that stops lets a download end, and leaves no file open where it must not wait', async () => {
  const { gateway, file, url } = await host(20)
  const answer = await start(url)
  answer.pause()
  await until('it to be open', () => timesOpen(file) === 1)
  const stopped = gateway.stop(20_000)
  const hash = createHash('sha256')
  for await (const piece of answer) hash.update(piece)
  expect(hash.digest('hex')).toBe(await sha256(file))
  await stopped
  await until('the file to be closed', () => timesOpen(file) === 0)
})
