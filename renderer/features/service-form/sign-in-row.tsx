import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { problemAt } from '../../../proxy/contract/config/facts'
import { MASK } from '../../../proxy/contract/config/secret'
import { asSentence } from '../../lib/format'
import { useClient } from '../../state/hooks'
import { Button } from '../../ui/button'
import { Checkbox } from '../../ui/checkbox'
import { IconButton } from '../../ui/icon-button'
import { TextField } from '../../ui/text-field'
import { showToast } from '../../ui/toast'
import type { ServiceForm } from './use-service-form'

/** Names and passwords that visitors have to give. A password is typed once; what is kept is its hash. */
export function SignInRow({ form }: { readonly form: ServiceForm }) {
  const { draft } = form
  const client = useClient()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [tried, setTried] = useState(false)
  const [adding, setAdding] = useState(draft.users.length > 0)
  const wanted = name.trim()
  const unfit = problemAt('services.basicAuth.users.name', wanted)
  const nameProblem =
    wanted === ''
      ? 'Give the user a name.'
      : unfit !== null
        ? asSentence(unfit)
        : draft.users.some((user) => user.name === wanted)
          ? 'This user is there already. Remove it first to set a new password.'
          : null
  const passwordProblem = password.length < 8 ? 'Use at least 8 characters.' : null

  async function add(): Promise<void> {
    setTried(true)
    if (nameProblem !== null || passwordProblem !== null) return
    const answer = await client.call('password.hash', { password }).catch(() => null)
    if (answer === null) return void showToast({ tone: 'down', text: 'AstroRelay does not answer. The user was not added.' })
    form.set({ users: [...draft.users, { name: wanted, hash: answer.hash }] })
    setName('')
    setPassword('')
    setTried(false)
  }

  return (
    <div className="sign-in" data-field="users">
      <Checkbox
        isSelected={adding}
        onChange={(on) => {
          setAdding(on)
          if (!on) form.set({ users: [] })
        }}
      >
        Ask for a name and a password
      </Checkbox>
      {adding && (
        <>
          {draft.users.length > 0 && (
            <ul className="sign-in-users">
              {draft.users.map((user) => (
                <li key={user.name}>
                  <span className="strong wrap-anywhere grow">{user.name}</span>
                  <span className="small quiet">{user.hash === MASK ? 'password kept' : 'password set'}</span>
                  <IconButton
                    icon={Trash2}
                    label={`Remove ${user.name}`}
                    size="small"
                    onPress={() => form.set({ users: draft.users.filter((other) => other !== user) })}
                  />
                </li>
              ))}
            </ul>
          )}
          <div className="sign-in-add">
            <TextField label="Name" size="small" value={name} autoComplete="off" error={tried ? nameProblem : null} onChange={setName} />
            <TextField
              label="Password"
              size="small"
              type={shown ? 'text' : 'password'}
              value={password}
              autoComplete="new-password"
              error={tried ? passwordProblem : null}
              onChange={setPassword}
              suffix={
                <Button kind="quiet" size="small" onPress={() => setShown(!shown)}>
                  {shown ? 'Hide' : 'Show'}
                </Button>
              }
            />
            <Button size="small" icon={Plus} onPress={() => void add()}>
              Add user
            </Button>
          </div>
          {draft.users.length === 0 && <p className="field-hint">Add a user, or nobody will be asked.</p>}
          {draft.users.length > 0 && draft.kind === 'web' && draft.satisfy === 'all' && (
            <Checkbox isSelected={draft.letPreflight} onChange={(letPreflight) => form.set({ letPreflight })}>
              Other sites’ pages may ask what they may do (CORS preflight) without a password
            </Checkbox>
          )}
          {draft.users.length > 0 && draft.access !== 'anyone' && (
            <Checkbox isSelected={draft.satisfy === 'any'} onChange={(any) => form.set({ satisfy: any ? 'any' : 'all' })}>
              Whom the rules let in needs no password; a password lets in anybody else
            </Checkbox>
          )}
        </>
      )}
    </div>
  )
}
