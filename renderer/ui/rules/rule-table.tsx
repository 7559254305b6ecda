import { ArrowDown, ArrowUp, Ban, Check, Ellipsis, GripVertical, List, Pencil, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { Button as AriaButton, Cell, Column, Row, Table, TableBody, TableHeader, useDragAndDrop } from 'react-aria-components'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { useNow } from '../../state/clock'
import { coveredBy, endWords, type RuleDocument, ruleSubject } from '../../lib/rules'
import { formatCount } from '../../lib/format'
import { drawn } from '../../lib/long-list'
import { Icon } from '../icon'
import { IconButton } from '../icon-button'
import { LongListSearch } from '../long-list-search'
import { Menu } from '../menu'
import './rules.css'

interface RuleTableProps {
  readonly label: string
  readonly rules: readonly RuleDocument[]
  readonly lists: NonNullable<ConfigDocument['accessLists']>
  /** What happens to everyone else, the last line of every list. */
  readonly otherwise: { readonly action: 'allow' | 'deny'; readonly text: string; readonly refused?: number | undefined }
  /** Refusals of each rule; absent: not known. */
  readonly refused?: readonly (number | undefined)[]
  /** The rule that decides about the address that is tried; 'otherwise': none matches; null: none is tried. */
  readonly decides: number | 'otherwise' | null
  readonly onChange: (rules: readonly RuleDocument[], summary: string) => void
  readonly onEdit: (at: number) => void
}

/** Rules in order, the first that matches decides; the last line is always there. */
export function RuleTable({ label, rules, lists, otherwise, refused, decides, onChange, onEdit }: RuleTableProps) {
  const now = useNow()
  const [query, setQuery] = useState('')
  const subject = (at: number): string => ruleSubject(rules[at] ?? {}, lists)
  const move = (from: number, to: number): void => {
    const rule = rules[from]
    if (rule === undefined || to < 0 || to >= rules.length || from === to) return
    onChange(rules.toSpliced(from, 1).toSpliced(to, 0, rule), `Moved ${subject(from)}`)
  }
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': subject(Number(key)) })),
    onReorder({ keys, target }) {
      const from = Number([...keys][0])
      const at = Number(target.key) + (target.dropPosition === 'after' ? 1 : 0)
      move(from, at > from ? at - 1 : at)
    },
  })

  function onKey(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    const at = Number(
      event.target instanceof Element ? (event.target.closest('[data-rule]')?.getAttribute('data-rule') ?? Number.NaN) : Number.NaN,
    )
    if (Number.isNaN(at)) return
    event.preventDefault()
    event.stopPropagation()
    move(at, event.key === 'ArrowUp' ? at - 1 : at + 1)
  }

  const { items, more } = useMemo(
    () =>
      drawn(
        rules,
        (rule) => `${ruleSubject(rule, lists)} ${rule.name ?? ''} ${rule.note ?? ''}`,
        query,
        typeof decides === 'number' ? decides : null,
      ),
    [rules, lists, query, decides],
  )
  const rows = items.map(({ item: rule, at }) => ({ id: at, rule, at }))
  return (
    <div className="rules-box" onKeyDownCapture={onKey}>
      <LongListSearch label="Find a rule" count={rules.length} more={more} query={query} onChange={setQuery} />
      <Table aria-label={label} className="rule-table" dragAndDropHooks={dragAndDropHooks} disabledBehavior="selection">
        <TableHeader>
          <Column className="rule-column" data-column="grip">
            <span className="visually-hidden">Move</span>
          </Column>
          <Column className="rule-column" data-column="number">
            #
          </Column>
          <Column className="rule-column" data-column="action">
            Then
          </Column>
          <Column isRowHeader className="rule-column" data-column="from">
            If the visitor comes from
          </Column>
          <Column className="rule-column" data-column="note">
            Note
          </Column>
          <Column className="rule-column end" data-column="refused">
            Refused
          </Column>
          <Column className="rule-column" data-column="actions">
            <span className="visually-hidden">Actions</span>
          </Column>
        </TableHeader>
        <TableBody items={rows} dependencies={[rules, lists, refused, decides, now]}>
          {({ rule, at }) => {
            const covered = coveredBy(rules, at)
            const end = endWords(rule.until, now)
            return (
              <Row
                id={at}
                className="rule-row"
                textValue={subject(at)}
                data-rule={at}
                {...(decides === at ? { 'data-decides': rule.action ?? 'list' } : {})}
                {...(end === 'Ended' ? { 'data-ended': '' } : {})}
              >
                <Cell className="rule-cell" data-column="grip">
                  <AriaButton slot="drag" className="rule-grip" aria-label={`Move ${subject(at)}`}>
                    <Icon of={GripVertical} size={14} />
                  </AriaButton>
                </Cell>
                <Cell className="rule-cell quiet" data-column="number">
                  {at + 1}
                </Cell>
                <Cell className="rule-cell" data-column="action">
                  <RuleAction action={rule.action ?? 'list'} />
                </Cell>
                <Cell className="rule-cell" data-column="from">
                  <span className={rule.from !== undefined && /[.:]/.test(rule.from) ? 'mono wrap-anywhere' : 'wrap-anywhere'}>
                    {subject(at)}
                  </span>
                  {decides === at && <span className="small rule-decides">Matches, so it decides</span>}
                  {covered !== null && <span className="small rule-covered">Rule {covered + 1} already covers this.</span>}
                </Cell>
                <Cell className="rule-cell second" data-column="note">
                  <span className="wrap-anywhere">
                    {[rule.name, rule.note].filter((part) => part !== undefined && part !== '').join(', ')}
                  </span>
                  {end !== null && <span className="small rule-end">{end}</span>}
                </Cell>
                <Cell className="rule-cell end quiet" data-column="refused">
                  {refused?.[at] === undefined || refused[at] === 0 ? '' : formatCount(refused[at])}
                </Cell>
                <Cell className="rule-cell" data-column="actions">
                  <Menu
                    label={`Actions for rule ${at + 1}`}
                    entries={[
                      { id: 'edit', text: 'Change…', icon: Pencil, run: () => onEdit(at) },
                      { id: 'up', text: 'Move up', icon: ArrowUp, keys: 'Alt+↑', isDisabled: at === 0, run: () => move(at, at - 1) },
                      {
                        id: 'down',
                        text: 'Move down',
                        icon: ArrowDown,
                        keys: 'Alt+↓',
                        isDisabled: at === rules.length - 1,
                        run: () => move(at, at + 1),
                      },
                      '-',
                      {
                        id: 'remove',
                        text: 'Remove',
                        icon: Trash2,
                        tone: 'danger',
                        run: () => onChange(rules.toSpliced(at, 1), `Removed ${subject(at)}`),
                      },
                    ]}
                  >
                    <IconButton icon={Ellipsis} label={`Actions for rule ${at + 1}, ${subject(at)}`} size="small" />
                  </Menu>
                </Cell>
              </Row>
            )
          }}
        </TableBody>
      </Table>
      <div className="rule-last" {...(decides === 'otherwise' ? { 'data-decides': otherwise.action } : {})}>
        <RuleAction action={otherwise.action} />
        <span>Everyone else</span>
        <span className="second grow">
          {otherwise.text}
          {decides === 'otherwise' ? '. No rule matches, so it decides' : ''}
        </span>
        <span className="quiet">
          {otherwise.refused === undefined || otherwise.refused === 0 ? '' : `${formatCount(otherwise.refused)} refused`}
        </span>
      </div>
    </div>
  )
}

/** What a rule does, by shape, word and colour. */
export function RuleAction({ action }: { readonly action: 'allow' | 'deny' | 'list' }) {
  const [icon, word] =
    action === 'allow' ? ([Check, 'Allow'] as const) : action === 'deny' ? ([Ban, 'Refuse'] as const) : ([List, 'As listed'] as const)
  return (
    <span className="rule-action" data-action={action}>
      <Icon of={icon} size={14} />
      {word}
    </span>
  )
}
