import type { ServiceLockdown } from '../../../proxy/contract/lockdown-api'
import { useNow } from '../../state/clock'
import { StateText } from '../../ui/status-glyph'
import { checkedWords, lockStateOf, lockWords } from './lock-words'

interface ProofListProps {
  readonly service: Pick<ServiceLockdown, 'name' | 'methods' | 'backends'>
  readonly isVerifying: boolean
}

/** A service's backends, each with what was proven of it, and when. */
export function ProofList({ service: { name, methods, backends }, isVerifying }: ProofListProps) {
  const now = useNow()
  return (
    <ul className="proofs" aria-label={`Backends of ${name}`} aria-busy={isVerifying}>
      {backends.map(({ id, url, proof }) => {
        const { glyph, text } = isVerifying ? { glyph: 'checking' as const, text: 'Verifying' } : lockWords(lockStateOf(methods, proof))
        return (
          <li key={id} className="proof" data-backend={id}>
            <span className="proof-backend">
              <span className="strong">{id}</span>
              <span className="small quiet">{url}</span>
            </span>
            <StateText state={glyph}>{text}</StateText>
            <span className="small second proof-text">{proof?.text ?? ''}</span>
            <span className="small quiet proof-at">{proof === null ? '' : checkedWords(proof.at, now)}</span>
          </li>
        )
      })}
    </ul>
  )
}
