import type { FilledFacts, LockdownText } from './facts'
import { inputTable } from './nftables'
import { families, lines, powerShellQuoted } from './quote'

/** The machine's own firewall: the port answers the gateway and nobody else. */
export function firewallTexts(facts: FilledFacts): readonly LockdownText[] {
  const { host, port } = facts
  return [
    {
      id: 'nftables',
      name: 'nftables',
      where: `A file of its own on ${host}, then nft -f with that file, as root.`,
      text: inputTable(facts),
    },
    {
      id: 'ufw',
      name: 'ufw',
      where: `In a shell on ${host}, as root; ufw status then shows the rules, if ufw is active.`,
      text: ufw(facts),
    },
    {
      id: 'firewalld',
      name: 'firewalld',
      where: `In a shell on ${host}, as root; firewall-cmd --list-rich-rules then shows the rules.`,
      text: firewalld(facts),
    },
    {
      id: 'windows-firewall',
      name: 'Windows Firewall',
      where: `In PowerShell on ${host}, run as administrator; it takes effect at once.`,
      text: windowsFirewall(facts),
    },
    {
      id: 'pf',
      name: 'macOS pf',
      where: `A file /etc/pf.anchors/astrorelay-${port} on ${host}, named in /etc/pf.conf; then the command in its first lines.`,
      text: pf(facts),
    },
  ]
}

/**
 * ufw goes through its rules from the top. `ufw deny` turns an existing `allow` of the same port into a deny where it
 * stands, `prepend` skips where one exists (ufw 0.36 backend_iptables.set_rule): so that one is deleted first, and the
 * rest is put on top, deny before allow. A wider rule further down (a program's profile, a port range) loses to it.
 */
function ufw({ gateway, port, transport }: FilledFacts): string {
  return lines(
    `# Port ${port}, ufw 0.36 or later. A broad rule goes first; ufw says so if there is none.`,
    `ufw delete allow ${port}/${transport}`,
    '# Each prepend goes on top of the last: the gateway ends up above the deny.',
    `ufw prepend deny ${port}/${transport}`,
    gateway.map((address) => `ufw prepend allow from ${address} to any port ${port} proto ${transport}`),
  )
}

/**
 * Rich rules with a negative priority come before the zone's open ports and services, those with a positive one after
 * (firewalld.richlanguage(5)): only then does a port that is already open stay closed to others. Loopback is accepted
 * before any zone.
 */
function firewalld({ gateway, port, transport }: FilledFacts): string {
  const { v4, v6 } = families(gateway)
  const allow = (family: string) => (address: string) =>
    rich(`rule family="${family}" priority="-200" source address="${address}" port port="${port}" protocol="${transport}" accept`)
  return lines(
    `# Port ${port} of the default zone, firewalld 0.7 or later. For another zone add --zone=NAME to each command.`,
    v4.map(allow('ipv4')),
    v6.map(allow('ipv6')),
    rich(`rule priority="-100" port port="${port}" protocol="${transport}" drop`),
    'firewall-cmd --reload',
  )
}

function rich(rule: string): string {
  return `firewall-cmd --permanent --add-rich-rule='${rule}'`
}

/**
 * A block rule of Windows Firewall wins over every allow rule, so "block all but one" cannot be said with two rules:
 * the broad allow rules go, and the default action blocks
 * (https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/rules).
 */
function windowsFirewall({ gateway, port, transport }: FilledFacts): string {
  const protocol = transport.toUpperCase()
  const name = powerShellQuoted(`AstroRelay port ${port}`)
  return lines(
    `# 1. Rules that open port ${port}, or the program behind it, to everyone are switched off`,
    `$broad = @(Get-NetFirewallPortFilter -Protocol ${protocol} | Where-Object { $_.LocalPort -contains '${port}' } | Get-NetFirewallRule)`,
    `$owner = ${transport === 'tcp' ? 'Get-NetTCPConnection -State Listen' : 'Get-NetUDPEndpoint'} -LocalPort ${port} -ErrorAction SilentlyContinue | Select-Object -First 1`,
    '$program = $null',
    'if ($owner) { $program = (Get-Process -Id $owner.OwningProcess).Path }',
    "if ($program) { $broad += @(Get-NetFirewallApplicationFilter -Program $program -ErrorAction SilentlyContinue | Get-NetFirewallRule | Where-Object { ($_ | Get-NetFirewallPortFilter).LocalPort -eq 'Any' }) }",
    "$broad | Where-Object { $_.Direction -eq 'Inbound' -and $_.Action -eq 'Allow' } | Disable-NetFirewallRule -PassThru | Select-Object DisplayName",
    '# 2. The gateway may',
    `Remove-NetFirewallRule -DisplayName ${name} -ErrorAction SilentlyContinue`,
    gateway.length > 0
      ? `New-NetFirewallRule -DisplayName ${name} -Direction Inbound -Action Allow -Protocol ${protocol} -LocalPort ${port} -RemoteAddress ${gateway.map(powerShellQuoted).join(',')} -Profile Any`
      : null,
    '# 3. What no rule allows is blocked (as Windows has it by default)',
    'Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction Block',
  )
}

/** pf stops at the first rule with "quick". macOS does not switch pf on at a start, hence the last comment. */
function pf({ gateway, port, transport }: FilledFacts): string {
  const { v4, v6 } = families(gateway)
  const anchor = `astrorelay-${port}`
  return lines(
    `# /etc/pf.anchors/${anchor}. At the end of /etc/pf.conf add these two lines, without the #:`,
    `# anchor "${anchor}"`,
    `# load anchor "${anchor}" from "/etc/pf.anchors/${anchor}"`,
    '# Then run, and again after a restart: sudo pfctl -E -f /etc/pf.conf',
    `pass in quick on lo0 proto ${transport} from any to any port ${port}`,
    v4.length > 0 ? `pass in quick inet proto ${transport} from { ${v4.join(', ')} } to any port ${port}` : null,
    v6.length > 0 ? `pass in quick inet6 proto ${transport} from { ${v6.join(', ')} } to any port ${port}` : null,
    `block in quick proto ${transport} from any to any port ${port}`,
  )
}
