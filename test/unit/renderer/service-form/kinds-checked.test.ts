import { expect, test } from 'vitest'
import { emptyDraft, newBackend } from '../../../../renderer/features/service-form/model/draft'
import { withKind } from '../../../../renderer/features/service-form/model/switch-kind'

import { machine, office, said } from './office'

test('what is wrong with a folder or a redirect is said at its field', () => {
  const files = withKind(emptyDraft({ name: 'Manuals' }), 'files', false)
  expect(said(files)).toEqual({ root: 'Name the folder to host, such as /srv/manuals.' })
  expect(said({ ...files, root: 'manuals' })).toEqual({ root: 'Write the full path of a folder, such as /srv/manuals or C:\\Manuals.' })
  expect(said({ ...files, root: 'C:\\' })).toEqual({ root: 'Choose a folder, not a whole drive.' })
  expect(said({ ...files, name: 'Handbooks', root: '/srv', index: 'a/b.html', fallback: '../x', hosts: ['wiki.lan'] }, office)).toEqual({
    index: 'Write file names such as index.html.',
    fallback: 'Write a file within the folder, such as index.html.',
    'hosts.0': expect.stringContaining('“Office wiki” already answers wiki.lan'),
  })
  const redirect = { ...withKind(emptyDraft({ name: 'Old' }), 'redirect', false), hosts: ['old.example'] }
  expect(said(redirect)).toEqual({ to: 'Say where to, such as https://wiki.office.lan.' })
  expect(said({ ...redirect, to: 'wiki.lan' })).toEqual({ to: 'Write a full address without ? and #, such as https://wiki.office.lan.' })
  expect(said({ ...redirect, port: '8090', to: 'http://OLD.example:8090/x' })).toEqual({
    to: 'This leads back to the same address; send visitors to another one.',
  })
  expect(
    Object.keys(said({ ...redirect, name: '', hosts: ['old.example', 'o ld'], port: '8090', to: 'http://old.example:8090/x' })),
  ).toEqual(['name', 'hosts.1', 'to'])
  expect(said({ ...redirect, to: 'http://old.example' })).toEqual({})
  expect(said({ ...redirect, port: '8090', path: '/a', to: 'http://old.example:8090/b' })).toEqual({})
})

test('what is wrong with a machine is said at its field', () => {
  const key = 'backends.new-1.url'
  expect(said(machine('', '', ''))).toEqual({
    name: expect.stringContaining('Give it a name'),
    port: 'Choose the port that people connect to, from 1 to 65535.',
    [key]: 'Enter the address of the machine, such as 192.168.1.55.',
  })
  for (const port of ['0', '70000', 'abc'])
    expect(said(machine('PC', '192.168.1.5', port))).toEqual({ port: 'Write a port from 1 to 65535.' })
  expect(said(machine('PC', '192.168.1.5', '443'))).toEqual({ port: 'Port 443 is for web pages. Choose another port.' })
  expect(said({ ...machine('PC', '192.168.1.5', '443'), hosts: ['pc.lan'] })).toEqual({})
  expect(said(machine('PC', '192.168.1.5', '33890'), office)).toEqual({
    port: '“Reception PC” already has port 33890. Choose another port.',
  })
  expect(said(machine('PC', '192.168.1.5', '8080'), office)).toEqual({
    port: 'Listener “web” already uses port 8080; choose another port.',
  })
  expect(said(machine('DNS', '192.168.1.5', '53', 'dns'), office)).toEqual({ port: '“names” already has port 53. Choose another port.' })
  expect(said(machine('PC', '192.168.1.5', '5353', 'tcp'))).toEqual({ [key]: 'Add the port, as in 192.168.1.5:9000.' })
  expect(said(machine('PC', 'http://192.168.1.5', '3390'))).toEqual({
    [key]: 'Leave out http:// and write host and port, such as 192.168.1.55:22.',
  })
  expect(said(machine('PC', '192.168.1.5:99999', '3390'))).toEqual({ [key]: 'Choose a port from 1 to 65535.' })
  expect(said(machine('PC', '127.0.0.1:3390', '3390'))[key]).toContain('points back to AstroRelay itself')
  expect(said({ ...machine('PC', '192.168.1.5', '3390'), hosts: ['p c.lan'] })['hosts.0']).toContain('host name')
  const twice = machine('PC', '192.168.1.5', '3390')
  expect(
    said({ ...twice, backends: [newBackend([], '192.168.1.5'), { ...newBackend([newBackend([])], '192.168.1.5:3389') }] })[
      'backends.new-2.url'
    ],
  ).toContain('already in the list')
})
