import { useEffect, useRef, useState } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { LockdownChoice, ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { useNow } from '../../state/clock'
import { navigate } from '../../state/route'
import { overlayIsOpen, useShortcuts } from '../../state/shortcuts'
import { Breadcrumbs } from '../../ui/breadcrumbs'
import { Screen } from '../../ui/screen'
import { ChooseStep, methodsFor } from './choose-step'
import { GuideBar } from './guide-bar'
import { GuideSteps, type Step, stepName } from './guide-steps'
import { methodName, methodWords, namesOf } from './lock-words'
import { NoAnswer } from './no-answer'
import { ProxyNotice, type ProxyVersion } from './proxy-notice'
import { RotationBanner } from './rotation-banner'
import { TextsPart } from './texts-part'
import { useGuide } from './use-guide'
import type { LockdownView } from './use-lockdown'
import { verifyWords } from './verdict'
import { VerifyPart } from './verify-part'

interface GuideProps {
  readonly service: ServiceLockdown
  readonly type: Service['type']
  readonly gateway: readonly string[]
  readonly view: LockdownView
}

const LIST = { screen: 'lockdown', service: '' } as const

/** Locks a service's backends down in three steps. */
export function Guide({ service, type, gateway, view }: GuideProps) {
  const { id, name, methods, backends } = service
  const now = useNow()
  const actions = useGuide(id, name, view.again)
  const [step, setStep] = useState<Step>(methods.length > 0 ? 3 : 1)
  const [method, setMethod] = useState<LockdownChoice>(methods[0] ?? methodsFor(type)[0] ?? 'network')
  const [version, setVersion] = useState<ProxyVersion>('v2')
  const [program, setProgram] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const isVerifying = view.verifying.has(id)
  // Of the PROXY protocol the text is shown before it is switched on.
  const isSet = methods.includes(method)
  const at: Step = methods.length === 0 && !(step === 2 && method === 'proxy') ? 1 : step

  function go(next: Step): void {
    setStep(next)
    // A method that was only looked at has no text in use.
    if (next === 3 && !isSet) setMethod(methods[0] ?? method)
  }

  function verify(): void {
    if (methods.length === 0 || isVerifying) return
    go(3)
    void view.verify([id])
  }

  async function switchOn(next: 2 | 3): Promise<void> {
    if (!(await actions.set(method, version))) return
    setStep(next)
    if (next === 3) void view.verify([id])
  }

  async function rotate(): Promise<void> {
    if (!(await actions.rotate())) return
    setMethod('secret')
    setStep(2)
  }

  async function remove(): Promise<void> {
    if (await actions.end()) navigate(LIST)
  }

  useShortcuts({ v: verify, Escape: () => (overlayIsOpen() ? false : navigate(LIST)) })

  // The button that led here says something else now: what is read next is the step.
  const shown = useRef(at)
  useEffect(() => {
    if (shown.current === at) return
    shown.current = at
    heading.current?.focus()
  }, [at])

  const texts = (
    <TextsPart
      service={service}
      gateway={gateway}
      methods={isSet ? methods : [method]}
      method={method}
      onMethod={setMethod}
      program={program}
      onProgram={setProgram}
    />
  )
  return (
    <Screen
      title={`Lock down ${name}`}
      above={<Breadcrumbs way={[{ text: 'Lock-down', to: LIST }]} here={name} />}
      lead="Make the backends answer this gateway and nobody else."
      footer={
        <GuideBar
          service={service}
          step={at}
          method={method}
          onBack={() => (at === 1 ? navigate(LIST) : go(at === 3 ? 2 : 1))}
          onText={() => go(2)}
          onSwitchOn={(next) => void switchOn(next)}
          onVerify={verify}
          onDone={() => navigate(LIST)}
          onRotate={() => void rotate()}
          onRemove={() => void remove()}
        />
      }
    >
      {view.failure !== null && <NoAnswer why={view.failure} again={view.again} />}
      <div className="guide">
        <aside className="guide-side" aria-label="Guide">
          <GuideSteps
            step={at}
            reach={methods.length > 0 ? 3 : at}
            words={[
              methods.length > 0 ? methodWords(service) : at === 1 ? 'Nothing chosen yet' : `${methodName(method)}, not switched on yet`,
              `On ${namesOf(backends)}`,
              verifyWords(service, now),
            ]}
            onGo={go}
          />
          <div className="guide-why well">
            <p className="strong">Why bother?</p>
            <p>
              Access rules only count if people have to pass them. Without this, anyone on the network who knows{' '}
              {backends[0]?.url.replace(/^\w+:\/\//, '')} walks around them.
            </p>
          </div>
        </aside>
        <section className="guide-main" aria-label={stepName(at)}>
          <h2 className="visually-hidden" ref={heading} tabIndex={-1}>
            Step {at} of 3: {stepName(at)}
          </h2>
          {service.rotating && at > 1 && <RotationBanner service={service} actions={actions} />}
          {at === 1 && <ChooseStep type={type} inUse={methods} value={method} onChange={setMethod} />}
          {at === 2 && !isSet && method === 'proxy' && <ProxyNotice service={service} version={version} onVersion={setVersion} />}
          {at === 2 && texts}
          {at === 3 && <VerifyPart service={service} isVerifying={isVerifying} onVerify={verify} />}
          {at === 3 && methods.length > 0 && (
            <div className="guide-again">
              <h3 className="guide-heading">On the backends: {methodName(method).toLowerCase().replace('proxy', 'PROXY')}</h3>
              {texts}
            </div>
          )}
        </section>
      </div>
    </Screen>
  )
}
