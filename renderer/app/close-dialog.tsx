import { formatNumberOf } from '../lib/format'
import { useAccessActions } from '../state/access-actions'
import { closeQuestion } from '../state/close-question'
import { useConfig, useStatus } from '../state/hooks'
import { useStore } from '../state/store'
import { ConfirmDialog } from '../ui/dialog'

/** Asks before everything is closed. */
export function CloseDialog() {
  const asked = useStore(closeQuestion)
  const services = useConfig()?.config.services.filter(({ enabled }) => enabled).length ?? 0
  const connections = useStatus((live) => live.connections)
  const { setClosed } = useAccessActions()
  const settle = (close: boolean): void => {
    closeQuestion.set(false)
    if (close) setClosed(true)
  }
  return (
    <ConfirmDialog
      title="Close everything?"
      confirm="Close everything"
      harmful
      isOpen={asked}
      onCancel={() => settle(false)}
      onConfirm={() => settle(true)}
    >
      {formatNumberOf(services, 'service')} cannot be reached by anybody, and {formatNumberOf(connections, 'open connection')}{' '}
      {connections === 1 ? 'is' : 'are'} cut, until you press Open again. Nothing is deleted.
    </ConfirmDialog>
  )
}
