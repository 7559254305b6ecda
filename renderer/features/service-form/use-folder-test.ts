import { useEffect, useState } from 'react'
import type { FolderVerdict } from '../../../proxy/contract/calls/doctor'
import { useClient } from '../../state/hooks'
import type { FieldParts } from '../../ui/field'

const PAUSE = 400

/** What is known of a folder while its path is typed. Whatever is wrong with it now may be cured later, so it never keeps the form from being saved. */
export function useFolderTest(typed: string): NonNullable<FieldParts['finding']> | null {
  const client = useClient()
  const folder = typed.trim()
  const [known, setKnown] = useState<{ readonly folder: string; readonly verdict: FolderVerdict } | null>(null)
  useEffect(() => {
    if (folder === '') return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      client.call('folder.test', { folder }).then(
        (verdict) => void (stale || setKnown({ folder, verdict })),
        // Without an answer there is nothing to say; the service's state tells.
        () => undefined,
      )
    }, PAUSE)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, folder])
  if (folder === '' || known?.folder !== folder) return null
  return { tone: known.verdict.verdict === 'ok' ? 'ok' : 'warn', text: known.verdict.text }
}
