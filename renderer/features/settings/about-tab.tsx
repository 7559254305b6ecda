import { useInfo } from '../../state/hooks'
import { CopyButton } from '../../ui/copy-button'
import { SettingsSection } from './settings-section'

/** What is bundled, with its licence. */
const PARTS = [
  ['React', 'MIT'],
  ['React Aria Components', 'Apache-2.0'],
  ['uPlot', 'MIT'],
  ['Lucide icons', 'ISC'],
  ['Zod', 'MIT'],
  ['ipaddr.js', 'MIT'],
  ['http-proxy-3', 'MIT'],
  ['conf and electron-store', 'MIT'],
  ['jsonc-parser', 'MIT'],
  ['Electron, in the desktop app', 'MIT'],
] as const

/** Which AstroRelay this is, where it runs, and what it is made of. */
export function AboutTab() {
  const info = useInfo()
  return (
    <>
      <SettingsSection title={`AstroRelay ${info?.version ?? ''}`} text="A reverse proxy for small offices and home labs.">
        {info && (
          <dl className="settings-facts">
            <div>
              <dt>Runs as</dt>
              <dd>
                {info.host === 'desktop' ? 'Desktop app' : 'Server, without a window'}, on {info.machine} ({info.platform})
              </dd>
            </div>
            {info.addresses.length > 0 && (
              <div>
                <dt>Addresses</dt>
                <dd className="wrap-anywhere">{info.addresses.join(', ')}</dd>
              </div>
            )}
            {info.console !== null && (
              <div>
                <dt>Console</dt>
                <dd>
                  <span className="mono wrap-anywhere">{info.console}</span>
                  <CopyButton text={info.console} />
                </dd>
              </div>
            )}
          </dl>
        )}
      </SettingsSection>
      <SettingsSection title="Licences" text="AstroRelay is free software under the MIT licence. It contains:">
        <dl className="settings-facts">
          {PARTS.map(([name, licence]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{licence}</dd>
            </div>
          ))}
        </dl>
      </SettingsSection>
    </>
  )
}
