/** Ports on which web programs are usually found, for systems that do not tell what listens. */
export const WELL_KNOWN_WEB_PORTS: readonly number[] = [
  80, 443, 631, 1880, 2368, 3000, 3001, 4000, 4200, 5000, 5001, 5173, 5601, 8000, 8008, 8069, 8080, 8081, 8083, 8086, 8096, 8123, 8384,
  8443, 8888, 9000, 9090, 32400,
]

/** Ports of programs that are no web servers, and that write a line into their log for every visitor who asks for a page. */
export const KNOWN_NOT_WEB: ReadonlySet<number> = new Set([
  21, 22, 23, 25, 53, 110, 111, 139, 143, 389, 445, 465, 514, 587, 636, 873, 993, 995, 1433, 1521, 2049, 3306, 3389, 5432, 5672, 5900, 6379,
  9042, 11211, 27017,
])
