import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOf, hostedSegments } from '../../../proxy/engine/files/hosted-path'

describe('a path is taken apart into names', () => {
  test.each<[string, readonly string[]]>([
    ['/', ['']],
    ['/a', ['a']],
    ['/a/', ['a', '']],
    ['/a/b.txt', ['a', 'b.txt']],
    ['/%61/%C3%A4%20%25%23%3F', ['a', 'ä %#?']],
    ['/%2561', ['%61']],
    ['/a;b=c', ['a;b=c']],
    ['/...', ['...']],
    ['/..a', ['..a']],
    ['/a..', ['a..']],
  ])('%s', (raw, segments) => {
    expect(hostedSegments(raw, true, false)).toEqual(segments)
  })
})

describe('what could lead elsewhere names nothing', () => {
  test.each([
    '/..',
    '/.',
    '/a/..',
    '/a/./b',
    '/%2e%2e',
    '/%2E.',
    '/.%2e/x',
    '/a%2fb',
    '/a%2Fb',
    '/..%2fx',
    '/a%5cb',
    '/a\\b',
    '/..\\x',
    '/%00',
    '/a%00.txt',
    '/%0a',
    '/%1f',
    '/%7f',
    '//',
    '//a',
    '/a//b',
    '/a//',
    '/%c0%af',
    '/%c0%ae%c0%ae',
    '/%e0%80%af',
    '/%f0%80%80%af',
    '/%ff',
    '/%u002e',
    '/%',
    '/%4',
    '/%zz',
    '/%ed%a0%80',
  ])('%s', (raw) => {
    for (const windows of [false, true]) expect(hostedSegments(raw, true, windows)).toBe('not-valid')
  })
})

test('names that begin with a dot are hidden unless they are hosted, at any depth', () => {
  for (const raw of ['/.a', '/a/.b/c', '/%2ea', '/...']) expect(hostedSegments(raw, false, false)).toBe('hidden')
  expect(hostedSegments('/a/.b/c', true, false)).toEqual(['a', '.b', 'c'])
  expect(hostedSegments('/a.b/c.', false, false)).toEqual(['a.b', 'c.'])
})

describe('on Windows names that mean something else name nothing', () => {
  const devices = ['con', 'PRN', 'Aux', 'NUL', 'com1', 'COM9', 'com0', 'LPT1', 'lpt9', 'COM¹', 'LPT²', 'lpt³', 'CONIN$', 'conout$']
  test.each(devices.flatMap((name) => [name, `${name}.txt`, `${name}.tar.gz`, `${name} .txt`, `${name}  `, `${name}.`]))(
    'the device %s',
    (name) => {
      expect(hostedSegments(`/a/${encodeURIComponent(name)}`, true, true)).toBe('not-valid')
      expect(hostedSegments(`/${encodeURIComponent(name)}/a`, true, true)).toBe('not-valid')
    },
  )

  test.each(['a.txt::$DATA', 'a.txt:stream', 'a.txt:stream:$DATA', 'folder::$INDEX_ALLOCATION', 'C:', 'c:x', ':'])(
    'the stream or drive %s',
    (name) => {
      expect(hostedSegments(`/${encodeURIComponent(name)}`, true, true)).toBe('not-valid')
      expect(hostedSegments(`/${name}`, true, true)).toBe('not-valid')
    },
  )

  test.each(['a.txt.', 'a.txt ', 'a.txt. .', 'a.', '.. ', '... ', '. .', 'a.php...'])('“%s”, whose end Windows drops', (name) => {
    expect(hostedSegments(`/${encodeURIComponent(name)}`, true, true)).toBe('not-valid')
  })

  test.each(['GIT~1', 'CONFIG~1.TXT', 'progra~1', 'a~10.b'])('the short name %s', (name) => {
    expect(hostedSegments(`/${name}`, false, true)).toBe('not-valid')
  })

  test.each(['console', 'com10', 'com', 'lpt', 'auxiliary.txt', 'null', 'my con', 'a~', '~', 'a~b', 'a b.txt', 'ä', 'a.b'])(
    'but not the plain name %s',
    (name) => {
      expect(hostedSegments(`/${encodeURIComponent(name)}`, false, true)).toEqual([name])
    },
  )

  test('all of which are plain names elsewhere', () => {
    for (const name of ['con', 'a:b', 'a.', 'a ', 'a~1'])
      expect(hostedSegments(`/${encodeURIComponent(name)}`, false, false)).toEqual([name])
  })
})

test('whatever the path, no name leads up, holds a slash, or is one that a list would not show', () => {
  const piece = fc.constantFrom(
    '.',
    '..',
    '/',
    '\\',
    '%2e',
    '%2E',
    '%2f',
    '%5c',
    '%00',
    '%25',
    '%c0%af',
    '%c3%a4',
    ';',
    ':',
    '~1',
    'a',
    'B',
    'con',
    ' ',
    '%20',
    '%',
    '%u002e',
    '%ff',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), fc.boolean(), (pieces, dotFiles, windows) => {
      const segments = hostedSegments(`/${pieces.join('')}`, dotFiles, windows)
      if (typeof segments === 'string') return
      expect(segments.length).toBeGreaterThan(0)
      for (const name of segments) {
        expect(name).not.toMatch(/[/\\\0]|^\.\.?$/)
        expect(faultOf(name, dotFiles, windows)).toBeNull()
      }
      expect(segments.slice(0, -1)).not.toContain('')
    }),
    { numRuns: 5_000 },
  )
})

test('every name that a file can have and is hosted is found under its own address', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.boolean(), (name, windows) => {
      if (faultOf(name, true, windows) === null)
        expect(hostedSegments(`/x/${encodeURIComponent(name)}`, true, windows)).toEqual(['x', name])
    }),
    { numRuns: 2_000 },
  )
})
