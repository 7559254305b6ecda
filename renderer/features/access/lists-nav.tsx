import { Ban, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { type AddressPreset, otherwiseOf } from '../../../proxy/contract/config/access'
import type { Config } from '../../../proxy/contract/config/document'
import { ACCESS_CHOICES } from '../../lib/access-words'
import { formatNumberOf } from '../../lib/format'
import { formatRoute } from '../../state/route'
import { accessIcon } from '../../ui/access-icon'
import { Icon } from '../../ui/icon'

interface ListsNavProps {
  readonly config: Config
  readonly networks: readonly string[]
  /** What is shown: a list's id, or a ready-made list behind a tilde. */
  readonly of: string
}

/** The block list, ready-made lists, and the user's own. */
export function ListsNav({ config, networks, of }: ListsNavProps) {
  const users = (uses: (rule: Config['services'][number]['access']['rules'][number]) => boolean): number =>
    config.services.filter(({ access }) => access.rules.some(uses)).length
  return (
    <nav className="lists" aria-label="Lists">
      <h2 className="lists-title">Before everything</h2>
      <Item
        of="~blocked"
        here={of}
        icon={<Icon of={Ban} />}
        text="Blocked addresses"
        detail={`${formatNumberOf(config.blocked.length, 'entry', 'entries')}, everywhere`}
      />
      <h2 className="lists-title">Yours</h2>
      {config.accessLists.map(({ id, name, rules }) => (
        <Item
          key={id}
          of={id}
          here={of}
          icon={<Icon of={UsersRound} />}
          text={name ?? id}
          detail={`${formatNumberOf(rules.length, 'rule')}, ${formatNumberOf(
            users(({ list }) => list === id),
            'service',
          )}`}
        />
      ))}
      {config.accessLists.length === 0 && <p className="lists-none">None yet. A list holds addresses that several services share.</p>}
      <h2 className="lists-title">Ready-made</h2>
      {ACCESS_CHOICES.filter(({ id }) => id !== 'loopback').map(({ id, text }) => (
        <Item
          key={id}
          of={`~${id}`}
          here={of}
          icon={<Icon of={accessIcon(id)} />}
          text={text}
          detail={`${presetDetail(id, networks)}${formatNumberOf(id === 'anyone' ? openToAll(config) : users(({ from }) => from === id), 'service')}`}
        />
      ))}
    </nav>
  )
}

/** Services without a rule that lets in are open to anyone. */
export function openToAll({ services, accessLists }: Config): number {
  return services.filter(
    ({ access }) =>
      access.rules.some(({ from, action }) => from === 'anyone' && action === 'allow') || otherwiseOf(access, accessLists) === 'allow',
  ).length
}

function presetDetail(id: AddressPreset, networks: readonly string[]): string {
  return id === 'this-network' && networks[0] !== undefined ? `${networks[0]}${networks.length > 1 ? ' and more' : ''}, ` : ''
}

function Item({
  of,
  here,
  icon,
  text,
  detail,
}: {
  readonly of: string
  readonly here: string
  readonly icon: ReactNode
  readonly text: string
  readonly detail: string
}) {
  return (
    <Link href={formatRoute({ screen: 'access', of })} className="list-item" {...(of === here ? { 'aria-current': 'true' } : {})}>
      {icon}
      <span className="list-item-text">{text}</span>
      <span className="list-item-detail">{detail}</span>
    </Link>
  )
}
