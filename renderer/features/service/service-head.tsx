import { Bell, BellOff, Copy, CopyPlus, Ellipsis, ExternalLink, Pause, Pencil, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { EngineState, ServiceStatus } from '../../../proxy/contract/status'
import { isWebAddress } from '../../../proxy/contract/web-address'
import { describeAccess } from '../../lib/access-words'
import { formatNumberOf } from '../../lib/format'
import { isMachine, machineWords } from '../../lib/machine-words'
import { serviceWords } from '../../lib/state-words'
import { useNow } from '../../state/clock'
import { useConfig } from '../../state/hooks'
import { navigate } from '../../state/route'
import { useServiceActions } from '../../state/service-actions'
import { Breadcrumbs } from '../../ui/breadcrumbs'
import { Button } from '../../ui/button'
import { CopyButton, copyText } from '../../ui/copy-button'
import { ConfirmDialog } from '../../ui/dialog'
import { IconButton } from '../../ui/icon-button'
import { openOutside, OutsideLink } from '../../ui/link'
import { Menu } from '../../ui/menu'
import { ServiceTile } from '../../ui/service-tile'
import { StateText } from '../../ui/status-glyph'
import { Switch } from '../../ui/switch'
import { isMuted, MUTED_FOR } from './muted'

interface ServiceHeadProps {
  readonly service: Service
  readonly status: ServiceStatus | null
  readonly engine: EngineState['state'] | null
}

/** Who it is, how it is, where it is reached and by whom, and what can be done to it. */
export function ServiceHead({ service, status, engine }: ServiceHeadProps) {
  const { id } = service
  const name = service.name ?? id
  const lists = useConfig()?.config.accessLists ?? []
  const actions = useServiceActions()
  const [question, setQuestion] = useState<'off' | 'delete' | null>(null)
  // As it was when the question was asked: a figure that falls to 0 while one reads would make the question absurd.
  const [asked, setAsked] = useState(0)
  const now = useNow()
  const muted = service.alerts.mute || isMuted(service, now)
  const words = serviceWords(status, service.enabled, engine)
  const one = isMachine(service) ? 'connection' : 'request'
  const [address, ...more] = status?.addresses ?? []
  const open = engine === 'running' ? (status?.traffic.inFlight ?? 0) : 0

  function turn(on: boolean): void {
    if (!on && open > 0) ask('off')
    else actions.setEnabled(id, on)
  }

  function ask(about: 'off' | 'delete'): void {
    setAsked(open)
    setQuestion(about)
  }

  function remove(): void {
    setQuestion(null)
    actions.remove(id)
    navigate({ screen: 'services' }, { replace: true })
  }

  return (
    <div className="service-head">
      <Breadcrumbs way={[{ text: 'Services', to: { screen: 'services' } }]} here={name} />
      <div className="service-head-row">
        <ServiceTile name={`${name} ${machineWords(service) ?? ''}`} type={service.type} size="large" />
        <div className="column grow">
          <div className="service-title">
            <h1 className="screen-title" tabIndex={-1}>
              {name}
            </h1>
            <StateText state={words.glyph}>{words.text}</StateText>
            {muted && <span className="role-tag">Muted</span>}
          </div>
          <div className="service-where">
            {address !== undefined && (
              <span className="service-where-address">
                {isWebAddress(address) ? (
                  <OutsideLink href={address} className="link truncate">
                    {address}
                  </OutsideLink>
                ) : (
                  <span className="mono truncate">{address}</span>
                )}
                <CopyButton text={address} />
                {isWebAddress(address) && (
                  <IconButton icon={ExternalLink} label="Open address" size="small" onPress={() => openOutside(address)} />
                )}
                {more.length > 0 && (
                  <Menu
                    label="More addresses"
                    entries={more.map((other) => ({ id: other, text: other, icon: Copy, run: () => void copyText(other) }))}
                  >
                    <Button kind="quiet" size="small">
                      {more.length} more
                    </Button>
                  </Menu>
                )}
              </span>
            )}
            <span className="second">Open to: {describeAccess(service.access, lists).text}</span>
          </div>
        </div>
        <div className="service-acts">
          <Switch side="before" isSelected={service.enabled} onChange={turn} aria-label={`${name} is switched on`}>
            <span className="second" aria-hidden="true">
              {service.enabled ? 'On' : 'Off'}
            </span>
          </Switch>
          <Button icon={Pencil} keys="E" onPress={() => navigate({ screen: 'edit', id })}>
            Edit
          </Button>
          <Menu
            label={`More for ${name}`}
            entries={[
              ...(service.type !== 'http' && service.type !== 'files'
                ? []
                : [
                    service.maintenance.mode === 'on'
                      ? { id: 'maintenance', text: 'End maintenance', icon: Play, run: () => actions.setMaintenance(id, false) }
                      : { id: 'maintenance', text: 'Show maintenance page', icon: Pause, run: () => actions.setMaintenance(id, true) },
                  ]),
              service.alerts.mute
                ? { id: 'mute', text: 'Muted for good, see Edit', icon: BellOff, isDisabled: true, run: () => undefined }
                : muted
                  ? { id: 'mute', text: 'Tell me again', icon: Bell, keys: 'U', run: () => actions.mute(id, null) }
                  : { id: 'mute', text: 'Mute 1 hour', icon: BellOff, keys: 'U', run: () => actions.mute(id, MUTED_FOR) },
              { id: 'clone', text: 'Clone', icon: CopyPlus, run: () => actions.clone(id) },
              {
                id: 'copy',
                text: 'Copy address',
                icon: Copy,
                keys: 'C',
                isDisabled: address === undefined,
                run: () => void copyText(address ?? ''),
              },
              '-',
              { id: 'delete', text: 'Delete', icon: Trash2, tone: 'danger', run: () => (open > 0 ? ask('delete') : remove()) },
            ]}
          >
            <IconButton icon={Ellipsis} label={`More for ${name}`} />
          </Menu>
        </div>
      </div>
      <ConfirmDialog
        title={`Turn off ${name}?`}
        confirm="Turn off"
        harmful
        isOpen={question === 'off'}
        onCancel={() => setQuestion(null)}
        onConfirm={() => {
          setQuestion(null)
          actions.setEnabled(id, false)
        }}
      >
        {formatNumberOf(asked, one)} {asked === 1 ? 'is open and ends' : 'are open and end'} within a second.{' '}
        {one === 'connection'
          ? 'Nobody can connect until it is switched on again.'
          : 'New visitors will see a page that says it is switched off.'}{' '}
        Nothing is deleted.
      </ConfirmDialog>
      <ConfirmDialog
        title={`Delete ${name}?`}
        confirm="Delete"
        harmful
        isOpen={question === 'delete'}
        onCancel={() => setQuestion(null)}
        onConfirm={remove}
      >
        {formatNumberOf(asked, one)} {asked === 1 ? 'is open and ends' : 'are open and end'} within a second. Its address stops working at
        once. You can bring it back from History.
      </ConfirmDialog>
    </div>
  )
}
