import { networkInterfaces } from 'node:os'
import { EventEmitter } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { parseAddress } from '../../../proxy/contract/address'
import { InterfaceWatch } from '../../../proxy/engine/access/interfaces'
import { Descriptors } from '../../../proxy/engine/edge/descriptors'
import { Handshakes, type Handshake } from '../../../proxy/engine/edge/handshakes'
import { askSystem, isShortage, steadily } from '../../../proxy/system/steady'
import { until } from '../../support/until'

const shortage = (code: string): Error => Object.assign(new Error(code), { code })

test('what fails for want of descriptors or memory is told from what fails otherwise', () => {
  const nested = Object.assign(new Error('uv_interface_addresses'), { code: 'ERR_SYSTEM_ERROR', info: { code: 'EMFILE' } })
  expect([shortage('EMFILE'), shortage('ENFILE'), shortage('ENOMEM'), nested].map(isShortage)).toEqual([true, true, true, true])
  expect([shortage('ENOENT'), new Error('x'), null, 'EMFILE'].map(isShortage)).toEqual([false, false, false, false])
})

test('what is done again and again goes on after it has failed, at once or later; only what is no shortage is told', async () => {
  const lines: string[] = []
  let times = 0
  const timer = steadily(
    () => {
      times += 1
      if (times === 1) throw shortage('EMFILE')
      if (times === 2) throw new Error('a fault')
      return times === 3 ? Promise.reject(new Error('a later fault')) : null
    },
    1,
    (line) => void lines.push(line.split('\n')[0] ?? ''),
  )
  onTestFinished(() => clearInterval(timer))
  await until('it to go on', () => times > 4)
  expect(lines).toEqual(['Error: a fault', 'Error: a later fault'])
})

test('the machine’s networks are those of before where the system cannot tell them', () => {
  expect(
    askSystem(() => {
      throw shortage('EMFILE')
    }, 'before'),
  ).toBe('before')
  let fails = true
  const watch = new InterfaceWatch(() => {
    if (fails) throw shortage('EMFILE')
    return networkInterfaces()
  })
  onTestFinished(() => watch.stop())
  // From the very start on loopback is this machine's own.
  expect(watch.isOwn(parseAddress('127.0.0.1') ?? expect.fail())).toBe(true)
  fails = false
})

test('clients are taken as long as a reserve of descriptors is left, backends dialled a little longer, and what rests gives way first', () => {
  let counted: number | null = null
  const budget = new Descriptors({ limit: 64, base: 20, counted: () => counted })
  const things = Array.from({ length: 40 }, () => new EventEmitter())
  let asked = 0
  budget.onTight = () => {
    asked += 1
    return 5
  }
  // 20 for other things, 32 for clients, 12 kept back.
  for (const thing of things.slice(0, 32)) budget.hold(thing)
  expect([budget.used, budget.mayAccept(0), budget.mayAccept(5), asked]).toEqual([52, true, true, 1])
  const more = new Descriptors({ limit: 64, base: 20, counted: () => counted })
  for (const thing of things) if (more.mayAccept(0)) more.hold(thing)
  expect([more.used, more.mayAccept(0), more.mayDial()]).toEqual([53, false, true])
  for (const thing of things.slice(0, 4)) thing.emit('close')
  expect([more.used, more.mayAccept(0)]).toEqual([49, true])
  // What nobody told of here counts as well.
  counted = 61
  more.recount()
  expect([more.used, more.mayAccept(0), more.mayDial()]).toEqual([61, false, false])
})

test('a connection that has said what it wants, or has gone, counts among the silent ones no more', () => {
  const gone: string[] = []
  const struck: string[] = []
  const handshakes = new Handshakes({
    most: () => ({ handshakes: 3, handshakesPerClient: 2 }),
    onFull: (limit) => void struck.push(limit),
  })
  const silent = (name: string, client: bigint | null): Handshake => {
    const one = { handshakeOf: client, giveWay: () => void gone.push(name) }
    handshakes.enter(one)
    return one
  }
  const a = silent('a', 1n)
  silent('b', 1n)
  handshakes.leave(a)
  handshakes.leave(a)
  silent('c', 1n)
  expect([handshakes.size, gone]).toEqual([2, []])
  silent('d', 1n)
  expect([handshakes.size, gone, struck]).toEqual([2, ['b'], ['handshakesPerClient']])
  // A trusted proxy stands for many clients.
  for (const name of ['e', 'f', 'g']) silent(name, null)
  expect([handshakes.size, gone]).toEqual([3, ['b', 'c', 'd']])
})
