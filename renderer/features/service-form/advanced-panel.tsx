import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { Icon } from '../../ui/icon'

interface AdvancedPanelProps {
  /** What lies in it. */
  readonly title: string
  /** Whether something in it is not as it is by default. */
  readonly used: boolean
  /** Whether something in it is wrong: then it stands open. */
  readonly wrong: boolean
  readonly children: ReactNode
}

/** What most services never need, folded away. */
export function AdvancedPanel({ title, used, wrong, children }: AdvancedPanelProps) {
  const [open, setOpen] = useState(used)
  return (
    <Disclosure className="advanced" isExpanded={open || wrong} onExpandedChange={setOpen}>
      <Heading level={2} className="advanced-head">
        <AriaButton slot="trigger" className="advanced-trigger">
          <Icon of={ChevronRight} size={14} />
          {title}
        </AriaButton>
      </Heading>
      <DisclosurePanel className="advanced-panel">{children}</DisclosurePanel>
    </Disclosure>
  )
}

/** Fields that belong together, under their heading. */
export function AdvancedGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset aria-label={title} className="advanced-group">
      <h3 className="strong">{title}</h3>
      {children}
    </fieldset>
  )
}
