import { nativeImage, type NativeImage } from 'electron'
import path from 'node:path'
import type { TrayShape } from './tray-model'

/**
 * The tray's icon for a state. macOS gets a template image, which it colours itself; Linux panels are 22 to 24 px high,
 * Windows asks for 16 px and up. Electron picks the file that fits the screen's scale by its name (`@2x` and so on).
 */
export function trayIcon(icons: string, shape: TrayShape): NativeImage {
  return nativeImage.createFromPath(path.join(icons, `${shape}${SUFFIX[process.platform] ?? '-24'}.png`))
}

const SUFFIX: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'Template', win32: '' }
