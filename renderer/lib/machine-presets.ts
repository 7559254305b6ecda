/** What has to answer before a machine counts as up; `none`: a connection is enough. */
export type Greeting = 'none' | 'ssh' | 'rdp' | 'tls' | 'mysql'

/** A kind of machine that people know by name. */
export interface Preset {
  readonly id: string
  readonly text: string
  readonly protocol: 'tcp' | 'udp'
  /** Where such machines listen; null: it has to be said. */
  readonly port: number | null
  readonly greeting: Greeting
}

export const OTHER_TCP: Preset = { id: 'tcp', text: 'Other TCP', protocol: 'tcp', port: null, greeting: 'none' }
export const OTHER_UDP: Preset = { id: 'udp', text: 'Other UDP', protocol: 'udp', port: null, greeting: 'none' }
export const REMOTE_DESKTOP: Preset = { id: 'rdp', text: 'Remote Desktop', protocol: 'tcp', port: 3_389, greeting: 'rdp' }

/** Ports and protocols as IANA has them registered (25565: as Minecraft has it). */
export const PRESETS: readonly Preset[] = [
  REMOTE_DESKTOP,
  { id: 'ssh', text: 'SSH', protocol: 'tcp', port: 22, greeting: 'ssh' },
  { id: 'vnc', text: 'VNC', protocol: 'tcp', port: 5_900, greeting: 'none' },
  { id: 'rtsp', text: 'Camera (RTSP)', protocol: 'tcp', port: 554, greeting: 'none' },
  { id: 'postgresql', text: 'PostgreSQL', protocol: 'tcp', port: 5_432, greeting: 'none' },
  { id: 'mysql', text: 'MySQL, MariaDB', protocol: 'tcp', port: 3_306, greeting: 'mysql' },
  { id: 'mqtt', text: 'MQTT', protocol: 'tcp', port: 1_883, greeting: 'none' },
  { id: 'minecraft', text: 'Minecraft', protocol: 'tcp', port: 25_565, greeting: 'none' },
  { id: 'wireguard', text: 'WireGuard', protocol: 'udp', port: 51_820, greeting: 'none' },
  { id: 'dns', text: 'DNS', protocol: 'udp', port: 53, greeting: 'none' },
  OTHER_TCP,
  OTHER_UDP,
]

/** The preset of a port, where it is a well-known one. */
export function presetOfPort(protocol: 'tcp' | 'udp', port: number): Preset | undefined {
  return PRESETS.find((preset) => preset.port === port && preset.protocol === protocol)
}
