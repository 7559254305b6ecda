import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components'
import './tabs.css'

interface TabsProps {
  readonly label: string
  readonly tabs: readonly { readonly id: string; readonly text: ReactNode; readonly content: ReactNode }[]
}

/** Views of one thing, one at a time. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <AriaTabs className="tabs">
      <TabList className="tab-list" aria-label={label}>
        {tabs.map(({ id, text }) => (
          <Tab key={id} id={id} className="tab">
            {text}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="tab-panel">
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
