import { type AddressPreset, PRESET_BLOCKS } from '../../../proxy/contract/config/access'
import type { Config } from '../../../proxy/contract/config/document'
import type { Info } from '../../../proxy/contract/calls/info'
import { ACCESS_CHOICES } from '../../lib/access-words'
import { useSave } from '../../state/save'
import { Checkbox } from '../../ui/checkbox'
import { Link } from '../../ui/link'

interface PresetDetailProps {
  readonly preset: AddressPreset
  readonly config: Config
  readonly info: Info | null
}

const MEANS: Readonly<Record<AddressPreset, readonly string[]>> = { ...PRESET_BLOCKS, 'this-network': [] }

/** What a ready-made list stands for now, and who uses it. */
export function PresetDetail({ preset, config, info }: PresetDetailProps) {
  const save = useSave()
  const choice = ACCESS_CHOICES.find(({ id }) => id === preset)
  const users = config.services.filter(({ access }) => access.rules.some(({ from }) => from === preset))
  const marked = config.settings.vpnInterfaces
  const addresses =
    preset === 'this-network'
      ? [PRESET_BLOCKS.loopback[0], ...(info?.networks ?? [])]
      : [
          ...MEANS[preset],
          ...(preset === 'vpn'
            ? (info?.interfaces ?? []).filter(({ name }) => marked.includes(name)).flatMap(({ networks }) => networks)
            : []),
        ]

  function mark(name: string, is: boolean): void {
    void save(is ? `Counted ${name} as VPN` : `Stopped counting ${name} as VPN`, (document) => ({
      ...document,
      settings: {
        ...document.settings,
        vpnInterfaces: [...(document.settings?.vpnInterfaces ?? []).filter((other) => other !== name), ...(is ? [name] : [])],
      },
    }))
  }

  return (
    <section className="list-detail" aria-label={choice?.text ?? preset}>
      <div className="list-head">
        <h2 className="list-name">{choice?.text}</h2>
      </div>
      <p className="second">
        {choice?.hint}
        {preset === 'this-network' ? ' Followed as they change.' : ''}
      </p>
      <h3 className="preset-title">Addresses</h3>
      <ul className="preset-list">
        {addresses.map((address) => (
          <li key={address} className="mono">
            {address}
          </li>
        ))}
      </ul>
      {preset === 'vpn' && (
        <>
          <h3 className="preset-title">Network interfaces that count as VPN</h3>
          {(info?.interfaces ?? []).map(({ name, networks }) => (
            <Checkbox key={name} isSelected={marked.includes(name)} onChange={(is) => mark(name, is)}>
              {name} <span className="mono second">{networks.join(', ')}</span>
            </Checkbox>
          ))}
          {info?.interfaces.length === 0 && <p className="second">This computer has no other network interfaces.</p>}
        </>
      )}
      <h3 className="preset-title">Services that let it in</h3>
      {users.length === 0 ? (
        <p className="second">None by name.</p>
      ) : (
        <ul className="preset-list">
          {users.map(({ id, name }) => (
            <li key={id}>
              <Link to={{ screen: 'service', id }}>{name ?? id}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
