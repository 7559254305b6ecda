import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { controlApi, TOPICS } from '../../../proxy/contract/control-api'

/** Files beside the topics that hold what they share. */
const SHARED = ['http-call.ts', 'revision.ts']

function twice(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at)
}

test('no two topics have a call of one name, and every topic is part of the API', () => {
  const names = TOPICS.flatMap((topic) => Object.keys(topic))
  expect(twice(names)).toEqual([])
  expect(Object.keys(controlApi).toSorted()).toEqual(names.toSorted())
  const files = readdirSync(path.join(import.meta.dirname, '../../../proxy/contract/calls'))
  expect(files.filter((file) => !SHARED.includes(file))).toHaveLength(TOPICS.length)
})

test('no two calls have one method and path', () => {
  const forms = Object.values(controlApi).map(({ http }) => `${http.method} ${http.path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(twice(forms)).toEqual([])
})
