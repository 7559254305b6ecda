import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button'
import './dialog.css'

interface DialogProps {
  readonly title: ReactNode
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly width?: 'normal' | 'wide'
  readonly children: ReactNode
  /** Buttons, the one that goes ahead last. */
  readonly actions: ReactNode
}

/** A window within the window. Escape and a press beside it close it; focus goes back to where it was. */
export function Dialog({ title, isOpen, onClose, width = 'normal', children, actions }: DialogProps) {
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => void (open || onClose())} isDismissable>
      <Modal className="dialog-box" data-width={width}>
        <AriaDialog className="dialog">
          <Heading slot="title" level={2} className="dialog-title">
            {title}
          </Heading>
          <div className="dialog-body">{children}</div>
          <div className="dialog-actions">{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

interface ConfirmDialogProps {
  /** A question: "Delete Office wiki?" */
  readonly title: string
  /** What is lost, with numbers. */
  readonly children: ReactNode
  /** The verb of the question. */
  readonly confirm: string
  readonly cancel?: string
  /** Marks the button red and gives the safe one the focus. */
  readonly harmful?: boolean
  readonly isOpen: boolean
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks before something is lost that Undo does not bring back. */
export function ConfirmDialog({
  title,
  children,
  confirm,
  cancel = 'Cancel',
  harmful = false,
  isOpen,
  onConfirm,
  onCancel,
}: ConfirmDialogProps) {
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => void (open || onCancel())}>
      <Modal className="dialog-box">
        <AriaDialog className="dialog" role="alertdialog">
          <Heading slot="title" level={2} className="dialog-title">
            {title}
          </Heading>
          <div className="dialog-body">{children}</div>
          <div className="dialog-actions">
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- focus enters the dialog, and harm must never be one Enter away */}
            <Button autoFocus={harmful} onPress={onCancel}>
              {cancel}
            </Button>
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- as above */}
            <Button autoFocus={!harmful} kind={harmful ? 'danger-solid' : 'primary'} onPress={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
