/** Whether a service's address is one that a browser opens; a machine's is a host and a port for a program of its own. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//.test(address)
}
