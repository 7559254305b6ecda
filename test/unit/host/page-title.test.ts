import { expect, test } from 'vitest'
import { pageTitle } from '../../../proxy/host/doctor/ask'

test.each([
  ['<html><title>Wiki &amp;\n  more</title>', 'Wiki & more'],
  ['<TITLE lang="de">Z&#252;rich</TITLE>', 'Zürich'],
  ['<titlebar>no</titlebar><title>yes', 'yes'],
  ['<title', ''],
  ['<p>none</p>', ''],
  [`<title>${'a'.repeat(200)}</title>`, 'a'.repeat(120)],
])('the title of %s is %s', (html, title) => {
  expect(pageTitle(html)).toBe(title)
})
