import type { Lockdown } from '../../contract/config/lockdown'
import { proxyPreface } from '../backend/proxy-preface'

const NOBODY = { address: null, port: 0 }

/** The PROXY header of a check: the gateway itself asks; a backend that wants the header refuses whoever comes without. */
export function checkPreface({ proxyProtocol }: Lockdown): Buffer | null {
  return proxyProtocol === 'off' ? null : proxyPreface(proxyProtocol, null, NOBODY)
}
