import { Check, Copy } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { Button } from './button'
import { copyText, useCopied } from './copy-button'
import { showToast } from './toast'
import './code-tabs.css'

/** One text to copy. */
export interface CodeText {
  readonly id: string
  readonly name: string
  /** Where it goes. */
  readonly where: string
  readonly text: string
  /** What is copied where it is not what is shown. */
  readonly copy?: string
  /** What has to be done with the copy before it works. */
  readonly note?: string | null
}

interface CodeTabsProps {
  readonly label: string
  readonly texts: readonly CodeText[]
  /** The text that is shown; one that is not there is the first. */
  readonly selected: string
  readonly onSelect: (id: string) => void
  /** Before Copy. */
  readonly actions?: ReactNode
}

/** The same thing said to several programs, one at a time, to be copied. */
export function CodeTabs({ label, texts, selected, onSelect, actions }: CodeTabsProps) {
  const noteId = useId()
  const shown = texts.find(({ id }) => id === selected) ?? texts[0]
  if (shown === undefined) return null
  return (
    <Tabs className="code-tabs" selectedKey={shown.id} onSelectionChange={(key) => onSelect(String(key))}>
      <div className="code-head">
        <TabList className="code-list" aria-label={label}>
          {texts.map(({ id, name }) => (
            <Tab key={id} id={id} className="code-tab">
              {name}
            </Tab>
          ))}
        </TabList>
        <div className="code-acts">
          {actions}
          <CopyTextButton
            text={shown.copy ?? shown.text}
            note={shown.note ?? null}
            noteId={noteId}
            label={`Copy the text for ${shown.name}`}
          />
        </div>
        {shown.note && (
          <p className="code-note small" id={noteId}>
            {shown.note}
          </p>
        )}
      </div>
      {texts.map(({ id, where, text }) => (
        <TabPanel key={id} id={id} className="code-panel">
          <p className="code-where">{where}</p>
          <pre className="code-text">
            <code>
              {text
                .trimEnd()
                .split('\n')
                .map((line, at) => (
                  <Line key={`${at} ${line}`} text={line} />
                ))}
            </code>
          </pre>
        </TabPanel>
      ))}
    </Tabs>
  )
}

/** Comments are dimmed, so that what counts is found at a glance. */
function Line({ text }: { readonly text: string }) {
  return (
    <>
      {/^\s*(#|\/\/|<!--)/.test(text) ? <span className="code-comment">{text}</span> : text}
      {'\n'}
    </>
  )
}

function CopyTextButton({
  text,
  note,
  noteId,
  label,
}: {
  readonly text: string
  readonly note: string | null
  readonly noteId: string
  readonly label: string
}) {
  const [copied, setCopied] = useCopied()

  async function copy(): Promise<void> {
    const done = await copyText(text)
    setCopied(done)
    if (done && note !== null) showToast({ tone: 'warn', text: 'Copied, but not ready to use', detail: note })
  }

  return (
    <Button
      size="small"
      icon={copied ? Check : Copy}
      aria-label={copied ? 'Copied' : label}
      {...(note === null ? {} : { 'aria-describedby': noteId })}
      onPress={() => void copy()}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  )
}
