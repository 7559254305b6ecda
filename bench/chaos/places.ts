/** Where everything is: the run has a network of its own, so ports need not be looked for. */
export const CONSOLE_PORT = 7070
export const WEB_PORT = 8080
export const TCP_PORT = 8081
export const UDP_PORT = 8082

export const GATEWAY = '127.0.0.1'
/** A backend on the gateway's own loopback, and two across a link that can be cut. */
export const NEAR = '127.0.0.2'
export const LINK = '10.77.0.1'
export const FAR = ['10.77.0.2', '10.77.0.3'] as const

/** Clients by their address: one that may do everything, one that a service refuses, one that is blocked. */
export const VISITOR = '127.0.0.7'
export const REFUSED = '127.0.0.8'
export const BLOCKED = '127.0.0.9'

export const PASSWORD = 'soak and rinse'
