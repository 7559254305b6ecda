import { describe, expect, test } from 'vitest'
import { readDocument } from '../../../proxy/host/store/read-document'

function lines(text: string): readonly string[] {
  const read = readDocument(text)
  return read.ok ? [] : read.lines
}

describe('a file that is not JSON is refused with line and column', () => {
  test.each([
    ['{\n  "version": 1,\n}', 'line 3, column 1: a key in double quotes belongs here; perhaps the comma before it is one too many'],
    ['{\n  "version" 1\n}', 'line 2, column 13: a colon is missing here'],
    ['{ "version": 1 "listeners": [] }', 'line 1, column 16: a comma is missing here'],
    ['{ "version": 1', 'line 1, column 15: a closing } is missing here'],
    ['{ "version": 1, "services": [ }', 'line 1, column 31: a value belongs here; perhaps the comma before it is one too many'],
    ['{ "version": "1 }', 'line 1, column 14: this text has no closing quote'],
    ["{ 'version': 1 }", 'line 1, column 3: this is not JSON; texts stand in double quotes'],
    ['{ "version": 1 } x', 'line 1, column 18: this is not JSON; texts stand in double quotes'],
    ['// mine\n{ "version": 1 }', 'line 1, column 1: comments are not allowed in this file'],
    [
      '{ "version": 1,\n  "services": [],\n  "services": [] }',
      'line 3, column 3: the key "services" is here a second time; remove one of the two',
    ],
    ['', 'line 1, column 1: a value belongs here; perhaps the comma before it is one too many'],
  ])('%j', (text, expected) => {
    expect(lines(text)[0]).toBe(expected)
  })

  test('cut off in the middle, as by a full disk', () => {
    const read = readDocument('{"version":1,"listeners":[{"id":"we')
    expect(read).toMatchObject({ ok: false, why: 'damaged' })
  })
})

test('a document that is not valid is refused with its line and its path', () => {
  expect(lines('{\n  "version": 1,\n  "listeners": [\n    { "id": "web",\n      "port": 0 }\n  ]\n}')).toEqual([
    'line 5, listeners[0].port: choose a port from 1 to 65535',
  ])
})

test('what is missing is told at the line of what lacks it', () => {
  expect(lines('{\n  "version": 1,\n  "services": [\n    { "id": "wiki" }\n  ]\n}')[0]).toMatch(/^line 4, services\[0\]\.backends: /)
})

test('a newer version of the format is told apart from a damaged file', () => {
  expect(readDocument('{"version":2,"galaxies":[]}')).toMatchObject({ ok: false, why: 'newer', issues: [{ path: 'version' }] })
})

test('a byte-order mark, as Windows editors write it, does no harm', () => {
  expect(readDocument('\uFEFF{"version":1}').ok).toBe(true)
})
