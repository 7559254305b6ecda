import type { Service } from '../../../proxy/contract/config/service'
import { formatNumberOf } from '../../lib/format'
import { isMachine } from '../../lib/machine-words'
import { ConfirmDialog } from '../../ui/dialog'
import { SwapDialog } from './swap-dialog'
import type { BackendMenu } from './use-backend-menu'

/** What the backends' actions ask. */
export function BackendDialogs({
  service,
  menu: { question, answered, actions },
}: {
  readonly service: Service
  readonly menu: BackendMenu
}) {
  if (question === null) return null
  const { about, backend, open } = question
  if (about === 'swap') return <SwapDialog service={service} backend={backend} onClose={answered} />
  const confirmed = (act: () => void) => () => {
    answered()
    act()
  }
  if (about === 'cut') {
    return (
      <ConfirmDialog
        title={`Cut ${formatNumberOf(open, 'connection')}?`}
        confirm="Cut now"
        cancel="Wait"
        harmful
        isOpen
        onCancel={answered}
        onConfirm={confirmed(() => actions.cut(service.id, backend))}
      >
        {backend} stops now. Downloads in progress fail.
      </ConfirmDialog>
    )
  }
  const verb = about === 'last' ? 'Drain' : 'Take out'
  return (
    <ConfirmDialog
      title={`${verb} the last backend of ${service.name ?? service.id}?`}
      confirm={verb}
      harmful
      isOpen
      onCancel={answered}
      onConfirm={confirmed(() => actions.setState(service.id, backend, 'active', about === 'last' ? 'draining' : 'maintenance'))}
    >
      {isMachine(service)
        ? 'No other backend can take new connections: they are closed.'
        : 'No other backend can take new requests: new visitors see the maintenance page.'}{' '}
      What runs on {backend} is finished.
    </ConfirmDialog>
  )
}
