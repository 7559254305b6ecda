/** How a backend knows the gateway: by a secret header, by the PROXY protocol, or by its address alone. */
export type LockdownMethod = 'secret' | 'proxy' | 'network'

/** What the texts are filled in with. */
export interface LockdownFacts {
  readonly method: LockdownMethod
  /** The gateway's own addresses, IPv4 and IPv6, as plain addresses (no zone, no CIDR). May be empty of either kind. */
  readonly gateway: readonly string[]
  /** The backend's host as in its URL and its port. */
  readonly host: string
  readonly port: number
  /** What the port is of; left out: TCP. */
  readonly transport?: 'tcp' | 'udp'
  /** The secret header's name, e.g. X-AstroRelay-Key, and the values to accept: one, or two while a secret is rotated. base64url characters only. */
  readonly header: string
  readonly secrets: readonly string[]
}

/** The same with everything in place. */
export type FilledFacts = LockdownFacts & { readonly transport: 'tcp' | 'udp' }

/** One text to copy to the backend's machine. */
export interface LockdownText {
  /** Stable id: nginx, apache, caddy, iis, express, django, docker, nftables, ufw, firewalld, windows-firewall, pf */
  readonly id: string
  /** What people call it, e.g. "nginx", "Windows Firewall" */
  readonly name: string
  /** One short sentence: where this text goes and what to run afterwards. */
  readonly where: string
  readonly text: string
}
