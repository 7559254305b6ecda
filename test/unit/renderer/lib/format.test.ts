import { expect, test } from 'vitest'
import {
  asSentence,
  formatBytes,
  formatCount,
  formatDay,
  formatMoment,
  formatMs,
  formatNumberOf,
  formatRate,
  formatShare,
  formatSpan,
  reasonSentence,
} from '../../../../renderer/lib/format'

test('a rate above nothing never reads as nothing', () => {
  expect([0, 0.04, 0.3, 18.44, 99.94, 204.4, 1_204].map(formatRate)).toEqual(['0', '<0.1', '0.3', '18.4', '99.9', '204', '1,204'])
})

test('a measured time keeps the precision that matters', () => {
  expect([0.4, 1, 88.4, 999, 999.6, 1_240, 42_000, 59_600, 200_000].map(formatMs)).toEqual([
    '<1 ms',
    '1 ms',
    '88 ms',
    '999 ms',
    '1.0 s',
    '1.2 s',
    '42 s',
    '59 s',
    '3 min',
  ])
})

test('a span is told in its largest unit', () => {
  expect([-5, 9_900, 12 * 60_000, 3.9 * 3_600_000, 86_400_000, 5 * 86_400_000].map(formatSpan)).toEqual([
    '0 s',
    '9 s',
    '12 min',
    '3 h',
    '1 day',
    '5 days',
  ])
})

test('sizes are powers of 1024', () => {
  expect([0, 812, 1_024, 1_048_064, 5_046_586_573].map(formatBytes)).toEqual(['0 B', '812 B', '1.0 KB', '1.0 MB', '4.7 GB'])
})

test('only all is 100 %, and no whole gives a dash', () => {
  expect([
    formatShare(1, 1),
    formatShare(9_999, 10_000),
    formatShare(1, 100_000),
    formatShare(0, 5),
    formatShare(987, 1_000),
    formatShare(0, 0),
  ]).toEqual(['100 %', '99.9 %', '<0.1 %', '0 %', '98.7 %', '–'])
})

test('a moment is told by its distance from now', () => {
  const now = new Date(2026, 4, 25, 14, 30).getTime()
  expect(formatMoment(new Date(2026, 4, 25, 9, 5).getTime(), now)).toBe('09:05')
  expect(formatMoment(new Date(2026, 4, 24, 17, 20).getTime(), now)).toBe('Yesterday, 17:20')
  expect(formatDay(new Date(2026, 4, 12).getTime(), now)).toBe('12 May')
  expect(formatDay(new Date(2025, 4, 12).getTime(), now)).toBe('12 May 2025')
})

test('counts and sentences read as words', () => {
  expect(formatCount(66_240)).toBe('66,240')
  expect([formatNumberOf(1, 'service'), formatNumberOf(3, 'service'), formatNumberOf(2, 'address', 'addresses')]).toEqual([
    '1 service',
    '3 services',
    '2 addresses',
  ])
  expect(asSentence('choose a port from 1 to 65535')).toBe('Choose a port from 1 to 65535.')
})

test('a reason keeps the id that it begins with', () => {
  expect(reasonSentence('a: connection refused', ['b', 'a'])).toBe('a: connection refused.')
  expect(reasonSentence('connection refused', ['a'])).toBe('Connection refused.')
})
