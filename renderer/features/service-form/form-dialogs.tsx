import { Button } from '../../ui/button'
import { ConfirmDialog, Dialog } from '../../ui/dialog'
import { useConfig } from '../../state/hooks'
import { LockOutDialog } from '../../ui/lock-out-dialog'
import type { SaveState } from './use-save-service'

interface FormDialogsProps {
  readonly name: string
  readonly state: SaveState
  readonly onLeave: () => void
}

/** What is asked before the form is saved or given up. */
export function FormDialogs({ name, state: { question, ask, save }, onLeave }: FormDialogsProps) {
  const close = (): void => ask(null)
  const services = useConfig()?.config.services ?? []
  return (
    <>
      <ConfirmDialog
        title={`Open ${name} to the internet?`}
        confirm="Open to anyone"
        cancel="Keep it private"
        harmful
        isOpen={question?.kind === 'anyone'}
        onCancel={close}
        onConfirm={() => void save({ toAnyone: true })}
      >
        Anyone who knows the address can try it.
        {question?.kind === 'anyone' && question.noSignIn && ' It has no sign-in that we could see.'}
      </ConfirmDialog>
      <LockOutDialog
        impact={question?.kind === 'lock-out' ? question.impact : null}
        nameOf={(id) => services.find((service) => service.id === id)?.name ?? id}
        onSave={() => void save({ lockOut: true, toAnyone: true })}
        onCancel={close}
      />
      <ConfirmDialog
        title="Discard your changes?"
        confirm="Discard"
        cancel="Keep editing"
        harmful
        isOpen={question?.kind === 'discard'}
        onCancel={close}
        onConfirm={onLeave}
      >
        Nothing of what you typed here was saved.
      </ConfirmDialog>
      <Dialog
        title={
          question?.kind === 'moved' && question.since.kind === 'deleted'
            ? `${name} was deleted meanwhile`
            : `${name} was changed meanwhile`
        }
        isOpen={question?.kind === 'moved'}
        onClose={close}
        actions={
          <>
            <Button kind="quiet" onPress={close}>
              Keep editing
            </Button>
            <Button onPress={onLeave}>Use theirs</Button>
            <Button kind="primary" onPress={() => void save({ overTheirs: true, toAnyone: true })}>
              Save mine
            </Button>
          </>
        }
      >
        {question?.kind === 'moved' && question.since.kind === 'deleted'
          ? 'Someone else deleted it while you were editing. Saving yours adds it again.'
          : 'Someone else saved a change to it while you were editing. Saving yours takes theirs back; it stays in History.'}
      </Dialog>
    </>
  )
}
