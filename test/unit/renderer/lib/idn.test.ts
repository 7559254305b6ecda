import { expect, test } from 'vitest'
import { toAsciiHost, toUnicodeHost } from '../../../../renderer/lib/idn'

test('a name in any script is stored in ASCII and shown as it was written', () => {
  for (const [shown, stored] of [
    ['bücher.example', 'xn--bcher-kva.example'],
    ['büro.lan', 'xn--bro-hoa.lan'],
    ['例え.example', 'xn--r8jz45g.example'],
    ['пример.example', 'xn--e1afmkfd.example'],
  ] as const) {
    expect(toAsciiHost(shown)).toBe(stored)
    expect(toUnicodeHost(stored)).toBe(shown)
  }
})

test('a wildcard stays in front', () => {
  expect(toAsciiHost('*.bücher.example')).toBe('*.xn--bcher-kva.example')
  expect(toUnicodeHost('*.xn--bcher-kva.example')).toBe('*.bücher.example')
})

test('ASCII names and broken punycode are left alone', () => {
  expect(toAsciiHost('Wiki.Office.LAN')).toBe('Wiki.Office.LAN')
  expect(toUnicodeHost('wiki.office.lan')).toBe('wiki.office.lan')
  expect(toUnicodeHost('xn--99999999999.lan')).toBe('xn--99999999999.lan')
  expect(toUnicodeHost('xn--a-!.lan')).toBe('xn--a-!.lan')
  expect(toAsciiHost('bü cher')).toBeNull()
})
