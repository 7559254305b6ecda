import { appendFileSync, renameSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { isAlive } from '../../../proxy/system/process-birth'
import { buildOnce } from '../../support/build-once'
import { cli, serve, serveWith } from '../../support/cli'
import { engineOf } from '../../support/left-engine'
import { backend, documentOf, prepared, statusOf, text, tryText } from '../../support/prepared'
import { slowBackend } from '../../support/slow-backend'
import { steadyLoad } from '../../support/steady-load'
import { until } from '../../support/until'

beforeAll(buildOnce, 120_000)

async function documentOfHost(gateway: Awaited<ReturnType<typeof serve>>): Promise<ConfigDocument> {
  return (await (await gateway.api('GET', '/config')).json()) as ConfigDocument
}

async function engineStateOf(gateway: Awaited<ReturnType<typeof serve>>) {
  return (await statusOf(gateway)).engine
}

/** Whether anything is answered there. `fetch` of Node 20 may wait for ever where a connection is reset as it is made. */
function answers(origin: string): Promise<boolean> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => void socket.write('GET / HTTP/1.1\r\nHost: wiki\r\nConnection: close\r\n\r\n'))
    socket.once('data', () => resolve(true)).on('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/** So many connections to a console that say nothing. */
async function fillConsole(origin: string, count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(origin)
  const sockets = Array.from({ length: count }, () => connect(Number(port), hostname))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => void socket.once('connect', resolve).once('error', resolve))))
  return sockets
}

describe('the engine outlives its host', () => {
  test('that is killed under load: nothing is lost, and the next host goes on with the same engine', async () => {
    const { data, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const { pid } = await engineStateOf(gateway)
    const load = steadyLoad(port)
    await load.served(200)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    await load.served(200)
    const again = await serve(data)
    await load.served(200)
    expect(await load.end()).toEqual([])
    expect(await engineStateOf(again)).toMatchObject({ state: 'running', pid, restarts: 0 })
  })

  test('that is killed in the middle of an answer: the answer is finished', async () => {
    const { url, finish, asked } = await slowBackend()
    const { data, origin } = await prepared(url)
    const gateway = await serve(data)
    const answer = text(origin)
    await until('the request', () => asked() === 1)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    finish()
    expect(await answer).toBe('first, last')
  })

  test.skipIf(process.platform === 'win32')('that hangs under load: nothing is lost, and it goes on with the same engine', async () => {
    const { data, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const { pid } = await engineStateOf(gateway)
    const load = steadyLoad(port)
    await load.served(100)
    gateway.child.kill('SIGSTOP')
    await load.served(500)
    gateway.child.kill('SIGCONT')
    await load.served(100)
    expect(await load.end()).toEqual([])
    expect(await engineStateOf(gateway)).toMatchObject({ state: 'running', pid, restarts: 0 })
  })

  test('and takes what the next host has in its file, which somebody edited meanwhile', async () => {
    const { data, origin, port } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    const edited = path.join(data, 'edited.json')
    appendFileSync(edited, JSON.stringify(documentOf(port, await backend('edited'))))
    renameSync(edited, path.join(data, 'config.json'))
    await serve(data)
    expect(await text(origin)).toBe('edited')
  })

  test('but not a stop: told to end, both do', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const engine = engineOf(data)
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
    expect(engine === null || isAlive(engine)).toBe(false)
    expect(await tryText(origin)).toBeNull()
  })

  test('and not a stop that the host did not live to see the end of', async () => {
    const { url, asked } = await slowBackend()
    const { data, origin } = await prepared(url)
    const gateway = await serve(data)
    const engine = engineOf(data)
    const answer = tryText(origin)
    await until('the request', () => asked() === 1)
    gateway.child.kill('SIGTERM')
    await until('the ports to be let go', async () => (await tryText(origin)) === null)
    gateway.child.kill('SIGKILL')
    await until('the end of the engine', () => engine === null || !isAlive(engine))
    await answer
  })

  test('for no longer than its configuration says', async () => {
    const url = await backend('wiki')
    const { data, origin, port } = await prepared(url)
    const gateway = await serve(data)
    await gateway.api('PUT', '/config', { ...documentOf(port, url), settings: { timeouts: { withoutHost: '1s' } } })
    const engine = engineOf(data)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    expect(await text(origin)).toBe('wiki')
    await until('the end of the engine', () => engine === null || !isAlive(engine))
  })

  test('and ends where its data directory is gone, since nobody could find it any more', async () => {
    const { data } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const engine = engineOf(data)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    rmSync(data, { recursive: true, force: true })
    await until('the end of the engine', () => engine === null || !isAlive(engine))
  })

  test.skipIf(process.platform === 'win32')('one that hangs is replaced by the next host', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    const engine = engineOf(data)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    process.kill(engine?.pid ?? 0, 'SIGSTOP')
    const again = await serve(data)
    expect(await text(origin)).toBe('wiki')
    expect((await engineStateOf(again)).pid).not.toBe(engine?.pid)
    expect(engine === null || isAlive(engine)).toBe(false)
  })
})

describe.skipIf(process.platform === 'win32')('with a host that hangs', () => {
  test('“astrorelay close” closes all the same, and the host knows of it when it goes on', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.kill('SIGSTOP')
    const closed = await cli('close', '--data', data)
    expect(closed).toMatchObject({ code: 0, out: expect.stringContaining('Everything is closed') as string })
    expect(await tryText(origin)).toBeNull()
    gateway.child.kill('SIGCONT')
    await until('the host to have it in its document', async () => {
      return (await documentOfHost(gateway)).settings?.closed === true
    })
    expect(await tryText(origin)).toBeNull()
    expect((await cli('open', '--data', data)).code).toBe(0)
    await until('it to be open again', async () => (await tryText(origin)) === 'wiki')
  }, 30_000)

  test('and is killed: the next one starts closed', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.kill('SIGSTOP')
    await cli('close', '--data', data)
    gateway.child.kill('SIGKILL')
    await gateway.ended

    const again = await serve(data)
    expect((await documentOfHost(again)).settings?.closed).toBe(true)
    expect(await tryText(origin)).toBeNull()
  }, 30_000)

  test('any other command ends within ten seconds, with a word', async () => {
    const { data } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.kill('SIGSTOP')
    expect(await cli('status', '--data', data)).toMatchObject({ code: 1, err: expect.stringContaining('does not answer') as string })
    gateway.child.kill('SIGCONT')
  }, 30_000)
})

describe('“close everything” past a host that cannot be asked', () => {
  test('one that was killed: the engine that serves on alone closes, and the next start stays closed', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.kill('SIGKILL')
    await gateway.ended
    expect(await cli('close', '--data', data)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Everything is closed') as string,
    })
    expect(await answers(origin)).toBe(false)

    const again = await serve(data)
    expect((await documentOfHost(again)).settings?.closed).toBe(true)
    expect(await answers(origin)).toBe(false)
  }, 30_000)

  test('one without a console', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    // What a host without a console leaves: nothing that says where one is.
    rmSync(path.join(data, 'console.json'))
    expect((await cli('close', '--data', data)).code).toBe(0)
    expect(await answers(origin)).toBe(false)
    await until('the host to have it in its document', async () => {
      return (await documentOfHost(gateway)).settings?.closed === true
    })
  }, 30_000)

  test.skipIf(process.platform !== 'linux')(
    'one whose descriptors are used up: commands end with a word',
    async () => {
      const { data } = await prepared(await backend('wiki'))
      const gateway = await serveWith(['bash', '-c', 'ulimit -n 64 && exec "$0" "$@"', process.execPath], data)
      const held = await fillConsole(gateway.origin, 110)
      expect(await cli('status', '--data', data)).toMatchObject({ code: 1, err: expect.stringContaining('takes no connection') as string })
      for (const socket of held) socket.destroy()
    },
    30_000,
  )

  test('where no engine is left, says that nothing runs', async () => {
    const { data } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    gateway.child.kill('SIGTERM')
    await gateway.ended
    expect(await cli('close', '--data', data)).toMatchObject({ code: 1, err: expect.stringContaining('is not running here') as string })
  }, 30_000)
})

describe('“close everything”', () => {
  test('stays, however often the engine is killed', async () => {
    const { data, origin } = await prepared(await backend('wiki'))
    const gateway = await serve(data)
    await cli('close', '--data', data)
    for (let n = 0; n < 4; n++) {
      const { pid } = await until('an engine', async () => {
        const state = await engineStateOf(gateway)
        return state.state === 'running' ? state : null
      })
      process.kill(pid ?? 0, 'SIGKILL')
      await until('its end', async () => (await engineStateOf(gateway)).pid !== pid)
      expect(await tryText(origin)).toBeNull()
    }
    await until('an engine', async () => (await engineStateOf(gateway)).state === 'running')
    expect(await tryText(origin)).toBeNull()
  }, 60_000)
})
