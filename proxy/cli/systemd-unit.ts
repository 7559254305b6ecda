import path from 'node:path'
import { type Command, parseCommand, print } from './command'

/** For a gateway without a screen on Linux. Each line that is not plain says why it is there. */
export const systemdUnit: Command = {
  usage: '[--data DIR]',
  summary: 'prints a systemd unit that runs `serve`: astrorelay systemd-unit > /etc/systemd/system/astrorelay.service',
  run(args) {
    const { values } = parseCommand(args, { data: { type: 'string' } }, { min: 0, max: 0, what: '' })
    print(
      unitText(process.execPath, path.join(import.meta.dirname, 'cli.js'), values.data === undefined ? null : path.resolve(values.data)),
    )
    return Promise.resolve(0)
  },
}

/** `data`: a folder that is there; null: one of the unit's own, below /var/lib. */
export function unitText(node: string, cli: string, data: string | null): string {
  return [
    '[Unit]',
    'Description=AstroRelay gateway',
    'Wants=network-online.target',
    'After=network-online.target',
    '# It is started again however often it ends.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=all',
    `ExecStart=${quoted(node)} ${quoted(cli)} serve --data ${data === null ? '%S/astrorelay' : quoted(data)} --give-up-after 10m`,
    '# The configuration is read again.',
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=always',
    'RestartSec=1',
    'WatchdogSec=60',
    'TimeoutStopSec=30',
    '# Should the program that looks after the gateway be killed, the gateway itself serves on, and the next start takes it over.',
    'KillMode=process',
    '# Each connection takes two.',
    'LimitNOFILE=65536',
    ...(data === null ? ['DynamicUser=yes', 'StateDirectory=astrorelay', 'StateDirectoryMode=0700'] : []),
    '# Ports below 1024 without being root.',
    'AmbientCapabilities=CAP_NET_BIND_SERVICE',
    'CapabilityBoundingSet=CAP_NET_BIND_SERVICE',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    ...(data === null ? [] : [`ReadWritePaths=${quoted(data)}`]),
    '# Hosted folders may lie in somebody’s home; nothing is written there.',
    'ProtectHome=read-only',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'SystemCallArchitectures=native',
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ].join('\n')
}

/** As systemd.syntax(7) reads it: blanks and backslashes in double quotes, percent signs doubled. */
function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w./%$-]+$/.test(escaped) ? escaped : `"${escaped}"`
}
