import { Download, Upload } from 'lucide-react'
import { type ChangeEvent, useRef, useState } from 'react'
import { isoDate } from '../../../proxy/contract/clock'
import { FORMAT_VERSION } from '../../../proxy/contract/config/document'
import { CallError } from '../../../proxy/contract/failure'
import type { Issue } from '../../../proxy/contract/issue'
import { parseConfig } from '../../../proxy/contract/parse'
import { asSentence, formatNumberOf } from '../../lib/format'
import { useClient } from '../../state/hooks'
import { useSave } from '../../state/save'
import { useSession } from '../../state/session'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'

/** A chosen file that was read: ready to be applied, or why not. */
type Read =
  | { readonly kind: 'ready'; readonly name: string; readonly services: number; readonly apply: () => void }
  | { readonly kind: 'wrong'; readonly name: string; readonly message: string; readonly issues: readonly Issue[] }

/** Takes the whole configuration out as a file, and brings one in after a check. */
export function Transfer() {
  const { config } = useSession()
  const client = useClient()
  const save = useSave()
  const picker = useRef<HTMLInputElement>(null)
  const [read, setRead] = useState<Read | null>(null)
  const close = (): void => setRead(null)

  async function choose(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const file = event.currentTarget.files?.[0]
    if (!file) return
    const text = await file.text()
    if (picker.current) picker.current.value = ''
    setRead(await check(file.name, text))
  }

  async function check(name: string, text: string): Promise<Read> {
    const wrong = (message: string, issues: readonly Issue[] = []): Read => ({ kind: 'wrong', name, message, issues })
    const document = parseJson(text)
    if (document === undefined) return wrong('This file is no JSON document. Export writes one that can be imported.')
    const newer = newerVersion(document)
    if (newer !== null)
      return wrong(`This file has format version ${newer}, and this AstroRelay knows ${FORMAT_VERSION}. Update AstroRelay, then import it.`)
    try {
      const { issues } = await client.call('config.check', { document })
      const parsed = parseConfig(document)
      if (issues.length > 0 || !parsed.ok)
        return wrong('Nothing was changed. This has to be put right first:', issues.length > 0 ? issues : parsed.ok ? [] : parsed.issues)
      return {
        kind: 'ready',
        name,
        services: parsed.config.services.length,
        apply: () => void save(`Imported ${name.slice(0, 100)}`, () => parsed.document),
      }
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return wrong(error.message)
    }
  }

  return (
    <>
      <input
        ref={picker}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Configuration file"
        onChange={(event) => void choose(event)}
      />
      <Button icon={Upload} onPress={() => picker.current?.click()}>
        Import
      </Button>
      <Button icon={Download} onPress={() => download(config.get()?.document)}>
        Export
      </Button>
      <Dialog
        title={read?.kind === 'ready' ? `Import ${read.name}?` : 'This file cannot be imported'}
        width="wide"
        isOpen={read !== null}
        onClose={close}
        actions={
          read?.kind === 'ready' ? (
            <>
              <Button onPress={close}>Cancel</Button>
              <Button
                kind="primary"
                onPress={() => {
                  close()
                  read.apply()
                }}
              >
                Import
              </Button>
            </>
          ) : (
            <Button kind="primary" onPress={close}>
              OK
            </Button>
          )
        }
      >
        {read?.kind === 'ready' && (
          <>It takes the place of the whole configuration: {formatNumberOf(read.services, 'service')}. You can undo this afterwards.</>
        )}
        {read?.kind === 'wrong' && (
          <>
            <p className="wrap-anywhere">{read.message}</p>
            {read.issues.length > 0 && (
              <ul className="import-issues">
                {read.issues.slice(0, 20).map(({ path, message }) => (
                  <li key={`${path} ${message}`}>
                    <span className="mono wrap-anywhere">{path}</span> {asSentence(message)}
                  </li>
                ))}
                {read.issues.length > 20 && <li>and {read.issues.length - 20} more</li>}
              </ul>
            )}
          </>
        )}
      </Dialog>
    </>
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Said to the person by the caller.
    return undefined
  }
}

function newerVersion(document: unknown): number | null {
  if (typeof document !== 'object' || document === null || !('version' in document)) return null
  return typeof document.version === 'number' && document.version > FORMAT_VERSION ? document.version : null
}

function download(document: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' }))
  const link = window.document.createElement('a')
  link.href = url
  link.download = `astrorelay-${isoDate().slice(0, 10)}.json`
  link.click()
  URL.revokeObjectURL(url)
}
