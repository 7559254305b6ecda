import type { LockdownFacts, LockdownText } from './facts'
import { apacheQuoted, doubleQuoted, exactly, families, lines, unique } from './quote'

/** nginx, Apache and Caddy, for each of the three methods. */
export function webServerTexts(facts: LockdownFacts): readonly LockdownText[] {
  return [
    {
      id: 'nginx',
      name: 'nginx',
      where: `Two places of nginx's configuration on ${facts.host}, then nginx -t && systemctl reload nginx.`,
      text: nginx(facts),
    },
    {
      id: 'apache',
      name: 'Apache',
      where: `The site's file on ${facts.host}, then apachectl configtest && systemctl reload apache2 (httpd on Fedora and Red Hat).`,
      text: apache(facts),
    },
    {
      id: 'caddy',
      name: 'Caddy',
      where: `The Caddyfile on ${facts.host}, then caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy.`,
      text: caddy(facts),
    },
  ]
}

function nginx(facts: LockdownFacts): string {
  const known = `$astrorelay_ok_${facts.port}`
  const parts = {
    first: `# 1. In the http block, e.g. as /etc/nginx/conf.d/astrorelay-${facts.port}.conf`,
    second: `# 2. In every server block that listens on port ${facts.port}`,
    refuse: `if (${known} = 0) { return 403; }`,
  }
  if (facts.method === 'secret') {
    // Plain strings of a map ignore case and fill a hash of limited bucket size; a regular expression does neither
    // (https://nginx.org/en/docs/http/ngx_http_map_module.html).
    const variable = `$http_${facts.header.toLowerCase().replaceAll('-', '_')}`
    const accepted = facts.secrets.map((secret) => `    ${doubleQuoted(`~${exactly(secret)}`)} 1;`)
    return lines(parts.first, `map ${variable} ${known} {`, '    default 0;', accepted, '}', '', parts.second, parts.refuse)
  }
  // allow and deny would see the address out of the PROXY header, and any location can replace them;
  // $realip_remote_addr stays the address that connected (https://nginx.org/en/docs/http/ngx_http_realip_module.html).
  const peers = [`geo $realip_remote_addr ${known} {`, '    default 0;', ...facts.gateway.map((address) => `    ${address} 1;`), '}']
  if (facts.method === 'network') return lines(parts.first, peers, '', parts.second, parts.refuse)
  return lines(
    parts.first,
    peers,
    '',
    `${parts.second}, in place of its listen lines`,
    '# (with TLS: listen ... ssl proxy_protocol)',
    `listen ${facts.port} proxy_protocol;`,
    families(facts.gateway).v6.length > 0 ? `listen [::]:${facts.port} proxy_protocol;` : null,
    facts.gateway.map((address) => `set_real_ip_from ${address};`),
    'real_ip_header proxy_protocol;',
    parts.refuse,
  )
}

function apache(facts: LockdownFacts): string {
  const place = `# In every <VirtualHost> of port ${facts.port}, e.g. in /etc/apache2/sites-available/000-default.conf`
  if (facts.method === 'secret') {
    // %{HTTP:…} would name the header in Vary of every answer; req_novary does not (https://httpd.apache.org/docs/2.4/expr.html).
    return lines(place, refuseUnless(facts.secrets.map((secret) => `req_novary(${apacheQuoted(facts.header)}) == ${apacheQuoted(secret)}`)))
  }
  // Require ip would see the address that mod_remoteip puts in place; CONN_REMOTE_ADDR is the one that connected.
  const peer = refuseUnless(facts.gateway.map((address) => `%{CONN_REMOTE_ADDR} -ipmatch ${apacheQuoted(address)}`))
  if (facts.method === 'network') return lines(place, peer)
  return lines(
    '# First run: a2enmod remoteip',
    place,
    'RemoteIPProxyProtocol On',
    '# Require ip now sees the visitor; the gateway itself is CONN_REMOTE_ADDR.',
    peer,
    '# Anyone who can connect may send a PROXY header: close the port with a firewall text too.',
  )
}

/**
 * <If> is merged last (https://httpd.apache.org/docs/2.4/sections.html#merging): it only takes away, whatever the site's
 * other sections require. A Require in <Location> would replace theirs, or be replaced by them.
 */
function refuseUnless(conditions: readonly string[]): readonly string[] {
  return [
    '# Apache applies <If> last, so nothing else in the site opens it again.',
    `<If ${conditions.length > 0 ? `"!(${conditions.join(' || ')})"` : '"true"'}>`,
    '    Require all denied',
    '</If>',
  ]
}

function caddy(facts: LockdownFacts): string {
  if (facts.method === 'proxy') return caddyProxyProtocol(facts)
  const known =
    facts.method === 'secret'
      ? facts.secrets.map((secret) => `header ${facts.header} ${doubleQuoted(secret)}`)
      : facts.gateway.length > 0
        ? [`remote_ip ${facts.gateway.join(' ')}`]
        : []
  // Caddy runs handle, redir and route before respond, so a site that uses them would answer first; error is in
  // little use and can be put first (https://caddyserver.com/docs/caddyfile/directives#directive-order).
  const refused =
    known.length === 0
      ? ['error "Forbidden" 403']
      : ['@not_astrorelay {', '    not {', ...known.map((line) => `        ${line}`), '    }', '}', 'error @not_astrorelay "Forbidden" 403']
  return lines(
    '# 1. In the global options block, at the top of the Caddyfile',
    '{',
    '    order error first',
    '}',
    '',
    `# 2. In every site block of port ${facts.port}`,
    refused,
  )
}

function caddyProxyProtocol(facts: LockdownFacts): string {
  const { v4, v6 } = families(facts.gateway)
  const trusted = unique([...v4.map((address) => `${address}/32`), ...v6.map((address) => `${address}/128`)])
  return lines(
    '# Caddy 2.7 or later. In the global options block, at the top of the Caddyfile',
    '{',
    '    # If the site has a bind line, its address goes before the colon.',
    `    servers :${facts.port} {`,
    '        listener_wrappers {',
    '            proxy_protocol {',
    '                timeout 5s',
    // Without allow it would trust everyone; nobody connects from 0.0.0.0.
    `                allow ${trusted.length > 0 ? trusted.join(' ') : '0.0.0.0/32'}`,
    '            }',
    '            tls',
    '        }',
    '    }',
    '}',
    '# Caddy takes the PROXY header from the gateway only, but still answers others',
    '# under their own address: close the port with a firewall text too.',
  )
}
