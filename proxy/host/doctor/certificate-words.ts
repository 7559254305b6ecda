import { errorCode } from '../store/system-words'

const WORDS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'it comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known to this machine, or the server leaves out part of the chain',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known to this machine',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known to this machine',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet; is the clock right?',
  CERT_REVOKED: 'it was revoked',
  CERT_UNTRUSTED: 'it is not meant for this use',
  INVALID_PURPOSE: 'it is not meant for this use',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
}

/** What is wrong with a server's certificate, in words; null where the error is about something else. */
export function certificateProblem(error: unknown): string | null {
  const code = errorCode(error)
  if (code === undefined) return null
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return WORDS[code] ?? null
  const names = namesOf(error)
  return names.length > 0 ? `it is for ${names.slice(0, 3).join(', ')}` : 'it is for another name'
}

/** The names on the certificate that Node's identity check refused. */
function namesOf(error: unknown): string[] {
  if (!(error instanceof Error) || !('cert' in error) || typeof error.cert !== 'object' || error.cert === null) return []
  const names = 'subjectaltname' in error.cert && typeof error.cert.subjectaltname === 'string' ? error.cert.subjectaltname : ''
  return [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}
