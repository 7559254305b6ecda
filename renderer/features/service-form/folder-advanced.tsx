import { HOSTED_OMITTED } from '../../../proxy/contract/config/hosted'
import { Switch } from '../../ui/switch'
import { TextField } from '../../ui/text-field'
import { AdvancedGroup, AdvancedPanel } from './advanced-panel'
import { MuteSwitch } from './advanced-row'
import type { ServiceForm } from './use-service-form'

/** What most hosted folders never need. */
export function FolderAdvanced({ form }: { readonly form: ServiceForm }) {
  const { draft, set, left } = form
  const used = draft.index !== '' || draft.fallback !== '' || draft.dotFiles || !draft.precompressed || draft.mute
  return (
    <AdvancedPanel
      title="Index pages, hidden files, alerts"
      used={used}
      wrong={form.error('index') !== null || form.error('fallback') !== null}
    >
      <AdvancedGroup title="Pages">
        <div data-field="index">
          <TextField
            label="Index pages"
            value={draft.index}
            placeholder={HOSTED_OMITTED.index.join(', ')}
            error={form.error('index')}
            hint="What a folder shows, the first that is there; apart by commas."
            onChange={(index) => set({ index })}
            onBlur={() => left('index')}
          />
        </div>
        <div data-field="fallback">
          <TextField
            label="Page in place of missing ones"
            value={draft.fallback}
            placeholder="None"
            error={form.error('fallback')}
            hint="For single-page applications, such as index.html."
            onChange={(fallback) => set({ fallback })}
            onBlur={() => left('fallback')}
          />
        </div>
        <div className="advanced-switch">
          <Switch isSelected={draft.dotFiles} onChange={(dotFiles) => set({ dotFiles })}>
            Host hidden files too: names that begin with a dot
          </Switch>
        </div>
        <div className="advanced-switch">
          <Switch isSelected={draft.precompressed} onChange={(precompressed) => set({ precompressed })}>
            Send app.js.br, .zst or .gz in place of app.js, unless it is older
          </Switch>
        </div>
        <MuteSwitch form={form} />
      </AdvancedGroup>
    </AdvancedPanel>
  )
}
