import { expect, test } from 'vitest'
import { parseBackendUrl } from '../../../proxy/contract/backend-url'

test.each([
  ['http://192.168.1.20:8080', { secure: false, host: '192.168.1.20', port: 8080, basePath: '/' }],
  ['http://wiki', { secure: false, host: 'wiki', port: 80, basePath: '/' }],
  ['HTTPS://Wiki.Office.LAN/', { secure: true, host: 'wiki.office.lan', port: 443, basePath: '/' }],
  ['http://[::1]:3000/base/', { secure: false, host: '::1', port: 3000, basePath: '/base' }],
  ['http://my_nas:5000', { secure: false, host: 'my_nas', port: 5000, basePath: '/' }],
])('%s is taken apart', (text, expected) => {
  expect(parseBackendUrl(text)).toEqual({ scheme: expected.secure ? 'https' : 'http', ...expected })
})

test.each([
  ['', /start with http/],
  ['192.168.1.20:8080', /start with http/],
  ['ftp://files', /start with http:\/\/ or https/],
  ['http://', /write a URL/],
  ['http://wiki:0', /port from 1 to 65535/],
  ['http://wiki:70000', /port from 1 to 65535/],
  ['http://wiki:abc', /write a URL/],
  ['http://wiki:', /port from 1 to 65535/],
  ['http://anna:secret@wiki', /user name and password/],
  ['http://wiki/?a=1', /leave out everything from the \?/],
  ['http://wiki/#top', /leave out everything from the \?/],
  ['http://0x7f.1', /not a host name/],
  ['http://127.1', /not a host name/],
  ['http://010.0.0.1', /not a host name/],
  ['http://-wiki', /not a host name/],
  ['http://wi ki', /write a URL/],
  ['http://bücher.de', /not a host name/],
])('%s is refused with what to do', (text, expected) => {
  expect(parseBackendUrl(text)).toMatch(expected)
})

test.each([
  ['tcp://192.168.1.50:3389', { scheme: 'tcp', secure: false, host: '192.168.1.50', port: 3389, basePath: '/' }],
  ['udp://[fd00::1]:53', { scheme: 'udp', secure: false, host: 'fd00::1', port: 53, basePath: '/' }],
  ['tcp://192.168.1.50', 'add the port, as in tcp://192.168.1.50:3389'],
  ['tcp://192.168.1.50:22/', 'leave out everything behind the port'],
])('%s is a port of a machine, or says what is wrong', (text, expected) => {
  expect(parseBackendUrl(text)).toEqual(expected)
})
