import { expect, test } from 'vitest'
import { rootProblem } from '../../../proxy/contract/config/hosted-root'

test.each([
  '/',
  '//',
  '/.',
  '/./',
  '/..',
  '/../',
  '/etc/..',
  '/etc/../..',
  '/a/./../.',
  'C:\\',
  'C:',
  'C:/',
  'C:\\.',
  'C:\\Windows\\..',
  'C:/a/../',
  'c:\\a\\..\\..',
  '\\\\server\\C$',
  '\\\\server\\c$\\',
  '\\\\server\\C$\\a\\..',
  '\\\\?\\C:\\',
  '\\\\.\\C:\\',
  '//?/C:/',
  '//./C:/',
  '\\\\?\\UNC\\server\\C$',
  '\\\\?\\Volume{1}\\',
  '/proc',
  '/proc/self/root',
  '/proc/self/root/srv',
  '/etc/../proc/1',
  '//proc',
  '/./sys',
  '/sys/class',
  '/dev',
  '/dev/shm/x',
])('%s is not to be hosted', (root) => {
  expect(rootProblem(root)).not.toBeNull()
})

test.each([
  '/srv/manuals',
  '/srv/../data',
  '/home/proc',
  '/process',
  'C:\\Manuals',
  'D:/a',
  '\\\\nas\\manuals',
  '\\\\nas\\C$\\manuals',
  'C:\\proc',
  '/srv/dev',
])('%s may be hosted', (root) => {
  expect(rootProblem(root)).toBeNull()
})
