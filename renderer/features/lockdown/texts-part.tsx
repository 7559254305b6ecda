import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { SECRET_HEADER } from '../../../proxy/contract/config/lockdown'
import type { LockdownChoice, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { CodeTabs } from '../../ui/code-tabs'
import { CopyButton } from '../../ui/copy-button'
import { IconButton } from '../../ui/icon-button'
import { Segmented } from '../../ui/segmented'
import { Select } from '../../ui/select'
import { backendTexts, secretNote, secretsOf } from './backend-texts'
import { type KnownSecrets, useKnownSecrets } from './known-secrets'
import { methodName } from './lock-words'

interface TextsPartProps {
  readonly service: ServiceLockdown
  readonly gateway: readonly string[]
  /** What texts are offered for. */
  readonly methods: readonly LockdownChoice[]
  readonly method: LockdownChoice
  readonly onMethod: (method: LockdownChoice) => void
  readonly program: string
  readonly onProgram: (id: string) => void
}

/** What to set up on each backend, for the program that it runs. */
export function TextsPart({ service, gateway, methods, method, onMethod, program, onProgram }: TextsPartProps) {
  const { id, backends, rotating } = service
  const known = useKnownSecrets(id)
  const [chosen, setChosen] = useState<string | null>(null)
  const [shown, setShown] = useState(false)
  const backend = backends.find((other) => other.id === chosen) ?? backends[0]
  if (backend === undefined) return null
  const secret = method === 'secret'
  const knows = secret && (known.current !== null || known.next !== null)
  const note = secret ? secretNote(rotating, known) : null
  const texts = backendTexts({ service, url: backend.url, method, gateway, known, shown })
  return (
    <div className="guide-part">
      {(methods.length > 1 || backends.length > 1) && (
        <div className="texts-choice">
          {methods.length > 1 && (
            <Segmented
              label="Method"
              size="small"
              options={methods.map((one) => ({ id: one, text: methodName(one) }))}
              value={method}
              onChange={onMethod}
            />
          )}
          {backends.length > 1 && (
            <Select
              aria-label="Backend"
              size="small"
              options={backends.map((one) => ({ id: one.id, text: `On ${one.id}`, hint: one.url }))}
              value={backend.id}
              onChange={setChosen}
            />
          )}
        </div>
      )}
      {secret && <SecretLines header={service.header ?? SECRET_HEADER} rotating={rotating} known={known} shown={shown} />}
      {note !== null && <p className="small second">{note}</p>}
      <CodeTabs
        label={`Text for ${backend.id}, by program`}
        texts={texts}
        selected={program}
        onSelect={onProgram}
        actions={
          knows && (
            <IconButton
              icon={shown ? EyeOff : Eye}
              label={shown ? 'Hide the secret' : 'Show the secret'}
              onPress={() => setShown(!shown)}
            />
          )
        }
      />
    </div>
  )
}

/** The header by itself, for programs that no text is for. */
function SecretLines({
  header,
  rotating,
  known,
  shown,
}: {
  readonly header: string
  readonly rotating: boolean
  readonly known: KnownSecrets
  readonly shown: boolean
}) {
  const values = secretsOf(rotating, shown ? known : { current: null, next: null })
  const copies = [known.current, ...(rotating ? [known.next] : [])]
  return (
    <dl className="secret-lines">
      {values.map((value, at) => {
        const copy = copies[at] ?? null
        return (
          <div key={at === 0 ? 'current' : 'next'} className="secret-line">
            <dt>{!rotating ? 'Header' : at === 0 ? 'Old secret' : 'New secret'}</dt>
            <dd>
              <code className="mono wrap-anywhere">
                {header}: {value}
              </code>
              {copy !== null && (
                <CopyButton
                  text={copy}
                  label={at === 0 && rotating ? 'Copy the old secret' : rotating ? 'Copy the new secret' : 'Copy the secret'}
                />
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
