import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listeningPorts, parseLsof, parseNetstat, parseProcTable } from '../../../proxy/system/listening-ports'

test('Linux: /proc/net/tcp and tcp6', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0000 100 0 0 10 0
   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4243 1 0000 100 0 0 10 0
   2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 77 1 0 100 0 0 10 0
   3: 0000000000000000FFFF00000201A8C0:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 78 1 0 100 0 0 10 0
`
  expect(parseProcTable(table)).toEqual([
    { address: '127.0.0.1', port: 8080, inode: '4242' },
    { address: '::1', port: 80, inode: '77' },
    { address: '192.168.1.2', port: 81, inode: '78' },
  ])
})

test('macOS: lsof -F', () => {
  expect(parseLsof('p812\ncnginx\nf6\nn*:80\nTST=LISTEN\nf7\nn[::1]:8081\np900\ncControlCe\nf9\nn127.0.0.1:5000\n')).toEqual([
    { address: '::', port: 80, pid: 812, program: 'nginx' },
    { address: '::1', port: 8081, pid: 812, program: 'nginx' },
    { address: '127.0.0.1', port: 5000, pid: 900, program: 'ControlCe' },
  ])
})

test('Windows: netstat and tasklist, in any language', () => {
  const v4 =
    '\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n  TCP    0.0.0.0:80             0.0.0.0:0              ABHÖREN         4\r\n  TCP    127.0.0.1:5050         127.0.0.1:61000        HERGESTELLT     900\r\n'
  const v6 = '  TCP    [::1]:3000             [::]:0                 ABHÖREN         1234\r\n'
  expect(parseNetstat(v4, v6, '"System","4","Services","0","136 K"\r\n"node.exe","1234","Console","1","40 K"\r\n')).toEqual([
    { address: '0.0.0.0', port: 80, pid: 4, program: 'System' },
    { address: '::1', port: 3000, pid: 1234, program: 'node' },
  ])
})

test.runIf(process.platform === 'linux')('a server of this very process is found, with its name', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const found = (await listeningPorts())?.find((entry) => entry.port === port)
  expect(found).toMatchObject({ address: '127.0.0.1', pid: process.pid, program: expect.any(String) as string })
})
