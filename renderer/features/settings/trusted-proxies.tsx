import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { parseConfig } from '../../../proxy/contract/parse'
import { asSentence } from '../../lib/format'
import type { SavedConfig } from '../../state/config'
import { useSave } from '../../state/save'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'
import { TextField } from '../../ui/text-field'
import { SettingsSection } from './settings-section'

/** Proxies in front of the gateway, whose word on the visitor's address is believed. */
export function TrustedProxies({ saved: { document, config } }: { readonly saved: SavedConfig }) {
  const save = useSave()
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const proxies = config.settings.trustedProxies
  const wrong = problemOf(document, proxies, text.trim())

  function add(event: FormEvent): void {
    event.preventDefault()
    setTried(true)
    if (wrong !== null) return
    const wanted = text.trim()
    setText('')
    setTried(false)
    void save(`Trusted ${wanted}`, (latest) => withProxies(latest, [...(latest.settings?.trustedProxies ?? []), wanted]))
  }

  function remove(proxy: string): void {
    void save(`Stopped trusting ${proxy}`, (latest) =>
      withProxies(
        latest,
        (latest.settings?.trustedProxies ?? []).filter((other) => other !== proxy),
      ),
    )
  }

  return (
    <SettingsSection
      title="Trusted proxies"
      text="Another proxy or load balancer in front of this gateway. Its X-Forwarded-For says who the visitor is; nobody else’s is believed."
    >
      {proxies.length > 0 && (
        <ul className="settings-list">
          {proxies.map((proxy) => (
            <li key={proxy}>
              <span className="mono wrap-anywhere grow">{proxy}</span>
              <IconButton icon={Trash2} label={`Stop trusting ${proxy}`} onPress={() => remove(proxy)} />
            </li>
          ))}
        </ul>
      )}
      <form className="settings-add" onSubmit={add} noValidate>
        <TextField
          label="Address or block"
          value={text}
          placeholder="192.168.1.2 or 10.0.0.0/8"
          error={tried ? wrong : null}
          onChange={setText}
        />
        <Button type="submit" icon={Plus}>
          Trust
        </Button>
      </form>
    </SettingsSection>
  )
}

function withProxies(document: ConfigDocument, trustedProxies: string[]): ConfigDocument {
  return { ...document, settings: { ...document.settings, trustedProxies } }
}

function problemOf(document: ConfigDocument, proxies: readonly string[], wanted: string): string | null {
  if (wanted === '') return 'Write an address or block, such as 192.168.1.2 or 10.0.0.0/8.'
  if (proxies.includes(wanted)) return 'This one is trusted already.'
  const parsed = parseConfig(withProxies(document, [wanted]))
  return parsed.ok ? null : asSentence(parsed.issues[0]?.message ?? 'this is no address')
}
