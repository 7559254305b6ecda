import { FolderPlus } from 'lucide-react'
import { desktopShell } from '../../api/desktop-bridge'
import { Icon } from '../../ui/icon'
import { useFolderDrop } from './use-folder-drop'
import './drop-target.css'

/** Says, while a folder is held over the window, what dropping it does. By keyboard the same is *Expose a service*, Files. */
export function DropTarget() {
  const over = useFolderDrop()
  if (!over) return null
  return (
    <div className="drop-target">
      <output className="drop-target-text">
        <Icon of={FolderPlus} size={20} />
        <span className="strong">Drop a folder to host it</span>
        <span className="small second">
          {desktopShell()?.pathOf
            ? 'Nothing is shared before you save.'
            : 'A browser does not tell where it lies: you will be asked for its path.'}
        </span>
      </output>
    </div>
  )
}
