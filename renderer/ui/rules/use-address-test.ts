import { useEffect, useState } from 'react'
import type { AccessVerdict } from '../../../proxy/contract/access-api'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { CallError } from '../../../proxy/contract/failure'
import { useClient } from '../../state/hooks'

const TYPING = 200

/** What came of trying an address. */
export type AddressFinding =
  | { readonly kind: 'verdict'; readonly verdict: AccessVerdict }
  | { readonly kind: 'problem'; readonly text: string }

/** What an address would get from a service, by the gateway's own rules: the running ones, or those of `document`. Null: nothing is typed, or there is no answer yet. */
export function useAddressTest(address: string, service: string, document: ConfigDocument | undefined): AddressFinding | null {
  const client = useClient()
  const wanted = address.trim()
  const [known, setKnown] = useState<{ readonly of: string; readonly finding: AddressFinding } | null>(null)
  const written = document === undefined ? '' : JSON.stringify(document)
  const of = `${service} ${wanted} ${written}`

  useEffect(() => {
    if (wanted === '') return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      const question = { service, address: wanted, ...(written === '' ? {} : { document: JSON.parse(written) as unknown }) }
      client.call('access.test', question).then(
        (verdict) => void (stale || setKnown({ of, finding: { kind: 'verdict', verdict } })),
        (error: unknown) =>
          void (
            stale ||
            setKnown({
              of,
              finding: {
                kind: 'problem',
                text: error instanceof CallError ? (error.issues[0]?.message ?? error.message) : 'AstroRelay does not answer.',
              },
            })
          ),
      )
    }, TYPING)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, wanted, service, written, of])

  return known?.of === of && wanted !== '' ? known.finding : null
}
