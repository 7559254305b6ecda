import { KeyRound, type LucideIcon, Network, Route as RouteIcon } from 'lucide-react'
import type { Service } from '../../../proxy/contract/config/service'
import type { LockdownChoice } from '../../../proxy/contract/lockdown-api'
import { RadioCards } from '../../ui/radio-cards'
import type { SelectOption } from '../../ui/select'

interface ChooseStepProps {
  readonly type: Service['type']
  readonly inUse: readonly LockdownChoice[]
  readonly value: LockdownChoice
  readonly onChange: (method: LockdownChoice) => void
}

const METHODS: readonly { readonly id: LockdownChoice; readonly text: string; readonly hint: string; readonly icon: LucideIcon }[] = [
  {
    id: 'secret',
    text: 'Secret header',
    icon: KeyRound,
    hint: 'Proves itself fully: without the secret the backend refuses. Needs a few lines in its web server or program.',
  },
  {
    id: 'proxy',
    text: 'PROXY protocol',
    icon: RouteIcon,
    hint: 'Proves that plain requests fail; anyone may send the header, so it needs a firewall rule, too. From the moment it is switched on every connection carries the header, so the backend has to expect it first; it then learns the visitor’s address.',
  },
  {
    id: 'network',
    text: 'Network rules',
    icon: Network,
    hint: 'A firewall on the backend’s machine lets only this gateway in. Works for every program; can be proven only from another device.',
  },
]

/** Which methods fit: a header needs HTTP, and datagrams carry no PROXY header. */
export function methodsFor(type: Service['type']): readonly LockdownChoice[] {
  return METHODS.map(({ id }) => id).filter((id) => (id === 'secret' ? type === 'http' : id === 'proxy' ? type !== 'udp' : true))
}

/** The first step: how the backends are to know the gateway. */
export function ChooseStep({ type, inUse, value, onChange }: ChooseStepProps) {
  const fitting = methodsFor(type)
  const options = METHODS.filter(({ id }) => fitting.includes(id)).map(({ id, text, ...rest }): SelectOption<LockdownChoice> => ({
    id,
    text: `${text}${inUse.includes(id) ? ', in use' : id === 'secret' ? ', recommended for web services' : ''}`,
    ...rest,
  }))
  return (
    <div className="guide-part">
      <RadioCards label="How the backends know this gateway" options={options} value={value} onChange={onChange} />
      <p className="small second">Client certificates come with HTTPS and are not in this version of AstroRelay.</p>
    </div>
  )
}
