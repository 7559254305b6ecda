import { ExternalLink, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { AddressPreset } from '../../../proxy/contract/config/access'
import type { Discovered } from '../../../proxy/contract/calls/doctor'
import { ACCESS_CHOICES, describeAccess } from '../../lib/access-words'
import { useConfig, useServiceStatus } from '../../state/hooks'
import { accessIcon } from '../../ui/access-icon'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Icon } from '../../ui/icon'
import { IconButton } from '../../ui/icon-button'
import { Link, openOutside, OutsideLink } from '../../ui/link'
import { Select } from '../../ui/select'
import { ServiceTile } from '../../ui/service-tile'
import { StateText } from '../../ui/status-glyph'
import { detailOf, nameOf } from './found-words'

interface OpenItemProps {
  readonly found: Discovered
  readonly isFirst: boolean
  readonly onExpose: (preset: AddressPreset) => void
}

/** A program that could be exposed. */
export function OpenItem({ found, isFirst, onExpose }: OpenItemProps) {
  const [preset, setPreset] = useState<AddressPreset>('this-network')
  const name = nameOf(found)
  return (
    <li className="found" data-url={found.url}>
      <ServiceTile name={`${name} ${found.program ?? ''}`} size="large" />
      <div className="column">
        <span className="strong truncate" title={name}>
          {name}
        </span>
        <span className="found-detail truncate">{detailOf(found)}</span>
      </div>
      <Select
        aria-label={`Who can open ${name}`}
        size="small"
        value={preset}
        onChange={setPreset}
        options={ACCESS_CHOICES.map((choice) => ({ ...choice, icon: accessIcon(choice.id) }))}
      />
      <Button kind={isFirst ? 'primary' : 'plain'} aria-label={`Expose ${name}`} data-expose="" onPress={() => onExpose(preset)}>
        Expose
      </Button>
    </li>
  )
}

interface SharedItemProps {
  readonly found: Discovered
  /** The service that exposes it. */
  readonly id: string
  /** Absent where it was not exposed from this screen. */
  readonly onUndo?: () => void
}

/** A program that is exposed, with the address that opens it. */
export function SharedItem({ found, id, onUndo }: SharedItemProps) {
  const address = useServiceStatus(id)?.addresses[0]
  const config = useConfig()?.config
  const service = config?.services.find((other) => other.id === id)
  const name = service?.name ?? nameOf(found)
  const access = service ? describeAccess(service.access, config?.accessLists ?? []) : null
  return (
    <li className="found" data-shared="" data-url={found.url}>
      <ServiceTile name={name} size="large" />
      <div className="column">
        <span className="row">
          <span className="strong truncate" title={name}>
            {name}
          </span>
          <span className="small">
            <StateText state="ok">Shared</StateText>
          </span>
        </span>
        {address !== undefined && (
          <span className="found-address">
            <OutsideLink href={address} className="truncate">
              {address}
            </OutsideLink>
            <CopyButton text={address} label={`Copy address of ${name}`} />
            <IconButton icon={ExternalLink} label={`Open ${name}`} size="small" onPress={() => openOutside(address)} />
          </span>
        )}
      </div>
      <span className="found-access">
        {access && (
          <>
            <Icon of={accessIcon(access.preset)} size={14} />
            <span className="truncate">{access.text}</span>
          </>
        )}
      </span>
      {onUndo ? (
        <Button kind="quiet" icon={Undo2} aria-label={`Undo sharing ${name}`} onPress={onUndo}>
          Undo
        </Button>
      ) : (
        <Link to={{ screen: 'service', id }} className="found-link">
          Show
        </Link>
      )}
    </li>
  )
}
