import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { describePortHolder, findPortHolder, type PortHolderSystem } from '../../../proxy/system/port-holder'

function never(): Promise<never> {
  return Promise.reject(new Error('not on this machine'))
}
function machine(platform: NodeJS.Platform, answers: Record<string, string>): PortHolderSystem {
  return {
    platform,
    readText: never,
    list: never,
    link: never,
    run: (program) => (answers[program] === undefined ? never() : Promise.resolve(answers[program])),
  }
}

test.runIf(process.platform === 'linux')('Linux tells the process that listens, from its own tables', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const holder = await findPortHolder((server.address() as AddressInfo).port)
  server.close()
  expect(holder).toMatchObject({ pid: process.pid })
  expect(describePortHolder(holder)).toMatch(new RegExp(`^.+ \\(pid ${process.pid}\\)$`))
})

test('macOS is asked by lsof', async () => {
  expect(await findPortHolder(80, machine('darwin', { lsof: 'p812\ncnginx\n' }))).toEqual({ pid: 812, name: 'nginx' })
})

test('Windows is asked by netstat and tasklist, and its own web server is called by its name', async () => {
  const netstat =
    '\r\n  TCP    0.0.0.0:80       0.0.0.0:0     LISTENING       4\r\n  TCP    0.0.0.0:8080       0.0.0.0:0     LISTENING       77\r\n  TCP    [::]:9000       [::]:0     LISTENING       77\r\n  UDP    0.0.0.0:9001    *:*                        77\r\n'
  const windows = machine('win32', { netstat, tasklist: '"node.exe","77","Console","1","50,000 K"\r\n' })
  expect(await findPortHolder(8080, windows)).toEqual({ pid: 77, name: 'node.exe' })
  expect(await findPortHolder(9000, windows)).toEqual({ pid: 77, name: 'node.exe' })
  expect(await findPortHolder(9001, windows)).toBeNull()
  expect((await findPortHolder(80, windows))?.name).toContain('http.sys')
})

test('where the system does not tell, nobody is named', async () => {
  expect(await findPortHolder(80, machine('freebsd', {}))).toBeNull()
  expect(describePortHolder(null)).toBeNull()
})
