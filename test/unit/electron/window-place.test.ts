import { describe, expect, test } from 'vitest'
import { placeWindow } from '../../../electron/main/window-place'

const display = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 1280, height: 984 }

describe('the window', () => {
  test('opens in its usual size the first time, where the system puts it', () => {
    expect(placeWindow(null, [display])).toEqual({ width: 1180, height: 760 })
  })

  test('comes back to its place, on any display', () => {
    expect(placeWindow({ x: 2000, y: 40, width: 1000, height: 700, maximised: false }, [display, right])).toEqual({
      x: 2000,
      y: 40,
      width: 1000,
      height: 700,
    })
  })

  test.each([
    ['its display is gone', { x: 2000, y: 40 }],
    ['its title bar is above every display', { x: 100, y: -400 }],
    ['only a sliver of it could be taken hold of', { x: 1900, y: 40 }],
  ])('is put by the system where %s', (_case, position) => {
    expect(placeWindow({ ...position, width: 1000, height: 700, maximised: false }, [display])).toEqual({ width: 1000, height: 700 })
  })

  test('is never smaller than the design allows, nor larger than its display', () => {
    expect(placeWindow({ x: 10, y: 10, width: 300, height: 200, maximised: false }, [display])).toMatchObject({ width: 880, height: 600 })
    expect(placeWindow({ x: 10, y: 10, width: 4000, height: 3000, maximised: false }, [display])).toMatchObject({
      width: 1920,
      height: 1040,
    })
  })
})
