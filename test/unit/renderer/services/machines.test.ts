import { expect, test } from 'vitest'
import { serviceSchema } from '../../../../proxy/contract/config/service'
import { machineWords } from '../../../../renderer/lib/machine-words'
import { isShown } from '../../../../renderer/features/services/service-filter'
import { nextSample } from '../../../../renderer/features/services/byte-rate'
import { PRESETS } from '../../../../renderer/features/service-form/model/presets'

test('a machine is called by its port, as the form calls it', () => {
  for (const { port, protocol, text } of PRESETS) {
    const words = machineWords(
      serviceSchema.parse({ id: 'pc', type: protocol, backends: [{ id: 'main', url: `${protocol}://10.0.0.1:${port ?? 9_000}` }] }),
    )
    expect(words).toBe(port === null ? protocol.toUpperCase() : text)
  }
  expect(machineWords(serviceSchema.parse({ id: 'wiki', backends: [{ id: 'main', url: 'http://10.0.0.1' }] }))).toBeNull()
})

test('the list is narrowed by what people tell apart', () => {
  expect([
    isShown('machines', 'online', 'udp'),
    isShown('machines', 'online', 'http'),
    isShown('files', null, 'files'),
    isShown('web', 'off', 'redirect'),
    isShown('web', 'online', 'tcp'),
  ]).toEqual([true, false, true, true, false])
})

test('bytes a second are told from one second’s total to the next', () => {
  const first = nextSample(null, 1_000, 50)
  expect(first.rate).toBeNull()
  const second = nextSample(first, 2_000, 2_050)
  expect(second.rate).toBe(2_000)
  expect(nextSample(second, 2_100, 9_999), 'too soon to say').toBe(second)
  expect(nextSample(second, 3_000, 2_050).rate).toBe(0)
  expect(nextSample(second, 3_000, 10).rate, 'the gateway counts anew').toBeNull()
})
