import { useRef } from 'react'
import { navigate, type Route } from '../../state/route'
import { overlayIsOpen, useShortcuts } from '../../state/shortcuts'
import { Banner } from '../../ui/banner'
import { Breadcrumbs } from '../../ui/breadcrumbs'
import { Screen } from '../../ui/screen'
import { TextField } from '../../ui/text-field'
import { AccessRow } from './access-row'
import { AddressRow } from './address-row'
import { AdvancedRow } from './advanced-row'
import { BackendsRow } from './backends-row'
import { FormBar } from './form-bar'
import { FormDialogs } from './form-dialogs'
import { FormRow } from './form-row'
import { forgetUnsaved, NEW } from './unsaved'
import { useSaveService } from './use-save-service'
import { type FormStart, useServiceForm } from './use-service-form'
import { WhatWillHappen } from './what-will-happen'
import './service-form.css'

/** The form of a service: its three first questions, then what has a good default. The same for a new one and for one that exists. */
export function ServiceForm(start: FormStart) {
  const { service } = start
  const element = useRef<HTMLDivElement>(null)
  const form = useServiceForm(start)
  const state = useSaveService(form, start, goToFirst)
  const { draft } = form
  const name = service ? (service.name ?? service.id) : draft.name.trim() || 'the service'
  const back: Route = service ? { screen: 'service', id: service.id } : { screen: 'services' }
  const errors = form.problems.filter(({ field, level }) => level === 'error' && (field === 'form' || form.error(field) !== null))
  const atForm = errors.find(({ field }) => field === 'form')

  function goToFirst(): void {
    // After the messages are drawn, the first field that is not right in the order of the screen.
    requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[data-field] [aria-invalid="true"], [data-field="backends"] input')?.focus())
  }

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
      above={<Breadcrumbs way={[{ text: 'Services', to: { screen: 'services' } }, ...(service ? [{ text: name, to: back }] : [])]} here={service ? 'Edit' : 'Expose'} />}
      title={service ? `Edit ${name}` : 'Expose a service'}
      footer={(
        <FormBar errors={errors} saveText={service ? 'Save changes' : 'Expose service'} saving={state.saving} onGoTo={goToFirst} onDiscard={discard} onSave={() => void state.save()} />
      )}
    >
      <div className="service-form" ref={element}>
        <div className="form-and-summary">
          <div className="form-rows">
            {start.unsaved && form.dirty && <Banner tone="info" size="thin" title="What you typed before is still here. It is not saved yet." />}
            {atForm && <Banner tone="down" title="Not saved">{atForm.message}</Banner>}
            <FormRow label="Name">
              <div className="plain-field" data-field="name">
                <TextField label="Name" value={draft.name} placeholder="Office wiki" error={form.error('name')} onChange={(text) => form.set({ name: text })} onBlur={() => form.left('name')} />
              </div>
            </FormRow>
            <AddressRow form={form} />
            <BackendsRow form={form} />
            <AccessRow form={form} />
            <AdvancedRow form={form} />
          </div>
          <WhatWillHappen form={form} />
        </div>
      </div>
      <FormDialogs name={name} state={state} onLeave={leave} />
    </Screen>
  )
}
