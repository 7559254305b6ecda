import type { Rectangle } from 'electron'
import type { WindowPlace } from './memory'

export const MINIMUM = { width: 880, height: 600 } as const
const USUAL = { width: 1180, height: 760 } as const

/** How much of the title bar must lie on a display, so that the window can be taken hold of. */
const GRIP = { width: 120, height: 32 } as const

/** Size of a new window, and its position where it is known and still on a display. */
export function placeWindow(
  last: WindowPlace | null,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (!last) return { ...USUAL }
  const size = { width: Math.max(Math.round(last.width), MINIMUM.width), height: Math.max(Math.round(last.height), MINIMUM.height) }
  const titleBar = { x: Math.round(last.x), y: Math.round(last.y), width: size.width, height: GRIP.height }
  const within = workAreas.find(
    (area) =>
      overlap(titleBar.x, titleBar.width, area.x, area.width) >= GRIP.width &&
      overlap(titleBar.y, titleBar.height, area.y, area.height) >= GRIP.height,
  )
  // Without a position the system centres the window; a display that is smaller now gets a window that fits.
  if (!within) return size
  return {
    x: titleBar.x,
    y: titleBar.y,
    width: Math.min(size.width, Math.max(within.width, MINIMUM.width)),
    height: Math.min(size.height, Math.max(within.height, MINIMUM.height)),
  }
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}
