import { useEffect, useRef, useState } from 'react'
import { navigate, type Route } from '../../state/route'
import { overlayIsOpen, useShortcuts } from '../../state/shortcuts'
import { Banner } from '../../ui/banner'
import { Breadcrumbs } from '../../ui/breadcrumbs'
import { Screen } from '../../ui/screen'
import { AccessRow } from './access-row'
import { AddressRow } from './address-row'
import { AdvancedRow } from './advanced-row'
import { BackendsRow } from './backends-row'
import { FormBar } from './form-bar'
import { FolderAdvanced } from './folder-advanced'
import { FolderRow } from './folder-row'
import { FormDialogs } from './form-dialogs'
import { KindRow } from './kind-row'
import { MachineAdvanced } from './machine-advanced'
import { MachineRow } from './machine-row'
import { TargetRow } from './target-row'
import { forgetUnsaved, NEW } from './unsaved'
import { useSaveService } from './use-save-service'
import { type FormStart, type ServiceForm as Form, useServiceForm } from './use-service-form'
import { WhatWillHappen } from './what-will-happen'
import './service-form.css'

/** The form of a service: its three first questions, then what has a good default. The same for a new one and for one that exists. */
export function ServiceForm(start: FormStart) {
  const { service } = start
  const element = useRef<HTMLDivElement>(null)
  /** How often a save was refused for what is in the form. */
  const [tries, setTries] = useState(0)
  const form = useServiceForm(start)
  const state = useSaveService(form, start, goToFirst)
  const { draft } = form
  const name = service ? (service.name ?? service.id) : draft.name.trim() || 'the service'
  const back: Route = service ? { screen: 'service', id: service.id } : { screen: 'services' }
  const errors = form.problems.filter(({ field, level }) => level === 'error' && (field === 'form' || form.error(field) !== null))
  const atForm = errors.find(({ field }) => field === 'form')

  function goToFirst(): void {
    setTries((before) => before + 1)
  }

  // After the messages are drawn, which a busy machine may do frames later: the first field that is not right, as the screen has them.
  useEffect(() => {
    if (tries === 0) return
    element.current?.querySelector<HTMLElement>('[data-field] [aria-invalid="true"], [data-field="backends"] input')?.focus()
  }, [tries])

  function leave(): void {
    forgetUnsaved(service?.id ?? NEW)
    navigate(back)
  }

  function discard(): void {
    if (form.dirty) state.ask({ kind: 'discard' })
    else leave()
  }

  useShortcuts({
    'Mod+s': () => void (overlayIsOpen() || state.save()),
    Escape: () => (overlayIsOpen() ? false : discard()),
  })

  return (
    <Screen
      above={
        <Breadcrumbs
          way={[{ text: 'Services', to: { screen: 'services' } }, ...(service ? [{ text: name, to: back }] : [])]}
          here={service ? 'Edit' : 'Expose'}
        />
      }
      title={service ? `Edit ${name}` : 'Expose a service'}
      footer={
        <FormBar
          errors={errors}
          saveText={service ? 'Save changes' : 'Expose service'}
          saving={state.saving}
          onGoTo={goToFirst}
          onDiscard={discard}
          onSave={() => void state.save()}
        />
      }
    >
      <div className="service-form" ref={element}>
        <div className="form-and-summary">
          <div className="form-rows">
            {start.unsaved && form.dirty && (
              <Banner tone="info" size="thin" title="What you typed before is still here. It is not saved yet." />
            )}
            {atForm && (
              <Banner tone="down" title="Not saved">
                {atForm.message}
              </Banner>
            )}
            <KindRow form={form} saved={service !== null} />
            <KindRows form={form} saved={service !== null} />
          </div>
          <WhatWillHappen form={form} />
        </div>
      </div>
      <FormDialogs name={name} state={state} onLeave={leave} />
    </Screen>
  )
}

/** The questions of a kind, in the order in which a person thinks of them. */
function KindRows({ form, saved }: { readonly form: Form; readonly saved: boolean }) {
  const { kind } = form.draft
  if (kind === 'files')
    return (
      <>
        <FolderRow form={form} />
        <AddressRow form={form} />
        <AccessRow form={form} />
        <FolderAdvanced form={form} />
      </>
    )
  if (kind === 'machine')
    return (
      <>
        <MachineRow form={form} saved={saved} />
        <BackendsRow form={form} />
        <AccessRow form={form} />
        <MachineAdvanced form={form} />
      </>
    )
  if (kind === 'redirect')
    return (
      <>
        <AddressRow form={form} />
        <TargetRow form={form} />
        <AccessRow form={form} />
      </>
    )
  return (
    <>
      <AddressRow form={form} />
      <BackendsRow form={form} />
      <AccessRow form={form} />
      <AdvancedRow form={form} />
    </>
  )
}
