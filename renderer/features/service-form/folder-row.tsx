import { FolderOpen } from 'lucide-react'
import { desktopShell } from '../../api/desktop-bridge'
import { useInfo } from '../../state/hooks'
import { Button } from '../../ui/button'
import { Switch } from '../../ui/switch'
import { TextField } from '../../ui/text-field'
import { showToast } from '../../ui/toast'
import { FormRow } from './form-row'
import { folderName } from './model/files-draft'
import { useFolderTest } from './use-folder-test'
import type { ServiceForm } from './use-service-form'

/** The folder that is hosted, and whether people see what is in it. */
export function FolderRow({ form }: { readonly form: ServiceForm }) {
  const { draft, set, left } = form
  const shell = desktopShell()
  const offered = shell?.chooseFolder !== undefined
  const finding = useFolderTest(draft.root)
  const windows = useInfo()?.platform === 'win32'

  async function choose(): Promise<void> {
    try {
      const folder = await shell?.chooseFolder?.()
      if (folder) set({ root: folder, ...(draft.name.trim() === '' ? { name: folderName(folder) } : {}) })
    } catch {
      showToast({ tone: 'down', text: 'The folders could not be shown.', detail: 'Write the full path instead.' })
    }
  }

  return (
    <FormRow label="Folder" hint="What people can read">
      <div className="folder-fields">
        <div data-field="root" className="plain-field">
          <TextField
            label="Folder"
            value={draft.root}
            placeholder={windows ? 'D:\\Projects\\Delivered' : '/srv/manuals'}
            error={form.error('root')}
            finding={finding}
            hint={offered ? 'Or drop a folder on the list of services.' : 'The full path on the computer that AstroRelay runs on.'}
            onChange={(root) => set({ root })}
            onBlur={() => left('root')}
          />
        </div>
        {offered && (
          <Button icon={FolderOpen} onPress={() => void choose()}>
            Choose folder…
          </Button>
        )}
      </div>
      <Switch isSelected={draft.listing} onChange={(listing) => set({ listing })}>
        List what is in a folder that has no index page
      </Switch>
    </FormRow>
  )
}
