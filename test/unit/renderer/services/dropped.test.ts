import { expect, test } from 'vitest'
import { answerDrop, readDrop } from '../../../../renderer/features/services/dropped'

const item = (name: string, isDirectory: boolean) => ({
  kind: 'file',
  webkitGetAsEntry: () => ({ name, isDirectory }),
  getAsFile: () => ({ name }),
})
const shell = { pathOf: (file: object) => ('name' in file ? `/srv/${String(file.name)}` : '') }

test('a folder leads to the form with its path and its name', () => {
  const dropped = readDrop([item('Manuals', true)], shell)
  expect(dropped).toEqual({ kind: 'folder', name: 'Manuals', path: '/srv/Manuals' })
  expect(dropped && answerDrop(dropped)).toEqual({
    go: { screen: 'expose', url: '', name: 'Manuals', kind: 'files', folder: '/srv/Manuals' },
  })
})

test('a browser keeps the place to itself, so the path is asked for', () => {
  for (const absent of [null, {}, { pathOf: () => '' }]) {
    const dropped = readDrop([item('Manuals', true)], absent)
    expect(dropped && answerDrop(dropped)).toMatchObject({
      text: 'A browser does not tell where “Manuals” lies.',
      form: { kind: 'files', name: 'Manuals' },
    })
  }
})

test('a file, several things, and what is neither', () => {
  const file = readDrop([item('a.pdf', false)], shell)
  expect(file && answerDrop(file)).toMatchObject({ text: '“a.pdf” is a file. Folders are hosted.' })
  expect(readDrop([item('a', true), item('b', true)], shell)).toEqual({ kind: 'several' })
  expect(readDrop([{ kind: 'string', webkitGetAsEntry: () => null, getAsFile: () => null }], shell)).toBeNull()
})
