import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Debian packages that the tests use for real, by the program that shows they are there. */
const PROGRAMS = {
  '/usr/bin/chromium': 'chromium',
  '/usr/sbin/nginx': 'nginx-light',
  '/usr/bin/curl': 'curl',
  '/usr/sbin/apache2': 'apache2',
  '/usr/bin/caddy': 'caddy',
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/redis-server': 'redis-server',
  '/usr/sbin/mariadbd': 'mariadb-server',
  '/usr/sbin/nft': 'nftables',
  '/usr/sbin/ufw': 'ufw',
  '/usr/bin/ffmpeg': 'ffmpeg',
}

/**
 * Installs Chromium, nginx and curl where this is Debian or Ubuntu and we may; elsewhere tests that need a program say so
 * and are skipped, and the browser tests look for Chrome and for Playwright’s own Chromium.
 */
export function installPrograms() {
  const missing = Object.entries(PROGRAMS)
    .filter(([file]) => !existsSync(file))
    .map(([, name]) => name)
  if (missing.length === 0 || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.log(`Installing Debian packages: ${missing.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
  if (status !== 0) fail(`apt-get could not install ${missing.join(', ')}.`)
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`npm test: ${message}`)
  process.exit(1)
}
