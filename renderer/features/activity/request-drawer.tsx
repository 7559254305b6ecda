import { Ban, Check, ChevronDown, ChevronUp, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { RequestRow } from '../../../proxy/contract/status'
import { asSentence, formatBytes, formatMoment, formatMs, formatNumberOf } from '../../lib/format'
import { isStream, requestGlyph, requestStatus } from '../../lib/request-words'
import { type SpanId, SPANS } from '../../lib/rules'
import { useAccessActions } from '../../state/access-actions'
import { useNow } from '../../state/clock'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { IconButton } from '../../ui/icon-button'
import { Segmented } from '../../ui/segmented'
import { Select } from '../../ui/select'
import { StatusGlyph } from '../../ui/status-glyph'
import { useAddressTest } from '../../ui/rules/use-address-test'
import { endWordsOf } from './log-words'

interface RequestDrawerProps {
  readonly row: RequestRow
  readonly serviceName: string
  /** Requests of the same address among those that are shown. */
  readonly alike: number
  readonly onStep: (step: 1 | -1) => void
  readonly onClose: () => void
  readonly onOnly: () => void
}

/** One request: what came of it and why, and what can be done about its sender. */
export function RequestDrawer({ row, serviceName, alike, onStep, onClose, onOnly }: RequestDrawerProps) {
  const now = useNow()
  const verdict = useAddressTest(row.service === null ? '' : row.client, row.service ?? '', undefined)
  const rule = row.rule ?? (verdict?.kind === 'verdict' ? verdict.verdict.because : null)
  return (
    <aside className="drawer" aria-label="Request">
      <div className="drawer-head">
        <StatusGlyph state={requestGlyph(row)} />
        <span className="strong grow">{!isStream(row) && row.status === 0 ? 'No answer' : requestStatus(row)}</span>
        <IconButton icon={ChevronUp} label="Newer request" size="small" onPress={() => onStep(-1)} />
        <IconButton icon={ChevronDown} label="Older request" size="small" onPress={() => onStep(1)} />
        <IconButton icon={X} label="Close" size="small" onPress={onClose} />
      </div>
      <p className="mono wrap-anywhere drawer-request">
        {row.method} {row.host}
        {row.path}
      </p>
      <dl className="drawer-facts">
        <Fact name="From">
          <span className="mono strong">{row.client}</span>{' '}
          <button type="button" className="link" onClick={onOnly}>
            Only this address
          </button>
        </Fact>
        <Fact name="Service">
          {serviceName}
          {row.backend === null ? '' : `, answered by ${row.backend}`}
        </Fact>
        {rule !== null && (
          <Fact name={row.error === 'AR_REFUSED' ? 'Refused by' : row.rule === null ? 'Let in by' : 'Rules'}>{asSentence(rule)}</Fact>
        )}
        {row.error !== 'AR_REFUSED' || row.rule === null ? <Fact name="Outcome">{asSentence(endWordsOf(row))}</Fact> : null}
        <Fact name="Took">
          {formatMs(row.duration)}
          {row.attempts > 1 ? `, ${row.attempts} tries` : ''}
        </Fact>
        <Fact name="Sent">
          {formatBytes(row.bytesOut)}, received {formatBytes(row.bytesIn)}
        </Fact>
        <Fact name="When">{formatMoment(row.at, now)}</Fact>
        <Fact name="Reference">
          <span className="mono">{row.ref}</span> <CopyButton text={row.ref} label="Copy reference" />
        </Fact>
      </dl>
      <BlockForm
        key={row.client}
        address={row.client}
        service={row.service}
        serviceName={serviceName}
        alike={alike}
        refused={row.error === 'AR_REFUSED'}
      />
    </aside>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

interface BlockFormProps {
  readonly address: string
  readonly service: string | null
  readonly serviceName: string
  readonly alike: number
  readonly refused: boolean
}

/** Blocks a visitor, everywhere or at one service, or lets a refused one in. */
function BlockForm({ address, service, serviceName, alike, refused }: BlockFormProps) {
  const actions = useAccessActions()
  const [where, setWhere] = useState<'everywhere' | 'service'>('everywhere')
  const [span, setSpan] = useState<SpanId>('day')
  if (/^(?:127\.|::1$)/.test(address))
    return <p className="drawer-block second small">This address is this computer itself. Blocking it would lock you out.</p>
  return (
    <div className="drawer-block">
      <div className="drawer-block-head">
        <span className="strong wrap-anywhere">Block {address}</span>
        <span className="small quiet">{formatNumberOf(alike, 'request')} shown</span>
      </div>
      {service !== null && (
        <Segmented
          label="Where"
          options={[
            { id: 'everywhere', text: 'Everywhere' },
            { id: 'service', text: `${serviceName} only` },
          ]}
          value={where}
          onChange={setWhere}
        />
      )}
      <Select aria-label="For how long" options={SPANS.map(({ id, text }) => ({ id, text }))} value={span} onChange={setSpan} />
      <Button
        kind="danger-solid"
        icon={Ban}
        keys="B"
        onPress={() => (where === 'service' && service !== null ? actions.refuse(service, address, span) : actions.block(address, span))}
      >
        Block this address
      </Button>
      {refused && service !== null && (
        <Button icon={Check} onPress={() => actions.allow(service, address)}>
          Allow this address
        </Button>
      )}
    </div>
  )
}
