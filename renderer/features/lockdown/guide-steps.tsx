import { Check } from 'lucide-react'
import { Button } from 'react-aria-components'
import { Icon } from '../../ui/icon'

export type Step = 1 | 2 | 3

interface GuideStepsProps {
  readonly step: Step
  /** The last step that can be gone to. */
  readonly reach: Step
  /** What each came to. */
  readonly words: readonly [string, string, string]
  readonly onGo: (step: Step) => void
}

const STEPS: readonly (readonly [Step, string])[] = [
  [1, 'Choose how'],
  [2, 'Apply it on the backends'],
  [3, 'Verify'],
]

export function stepName(step: Step): string {
  return STEPS.find(([number]) => number === step)?.[1] ?? ''
}

/** The three steps, those behind ticked; any within reach can be gone to. */
export function GuideSteps({ step, reach, words, onGo }: GuideStepsProps) {
  return (
    <ol className="steps" aria-label="Steps">
      {STEPS.map(([number, text]) => {
        const done = number < step
        return (
          <li
            key={number}
            className="step"
            data-state={number === step ? 'now' : done ? 'done' : 'ahead'}
            {...(number === step ? { 'aria-current': 'step' as const } : {})}
          >
            <span className="step-number">{done ? <Icon of={Check} size={14} /> : number}</span>
            <div className="step-text">
              <Button
                className="step-name"
                aria-label={`Step ${number}: ${text}${done ? ', done' : ''}`}
                isDisabled={number > reach}
                onPress={() => onGo(number)}
              >
                {text}
              </Button>
              <span className="small second">{words[number - 1]}</span>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
