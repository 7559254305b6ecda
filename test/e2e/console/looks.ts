import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Locator, Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { expect, test } from './console-test'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** A folder that gets a picture of every state in every look: to see what no rule can judge. */
export const PICTURES = process.env['E2E_PICTURES']

/** A theme and a size of window. */
export interface Look {
  readonly name: string
  readonly scheme: 'light' | 'dark'
  readonly width: number
  readonly height: number
  /** Judged by axe: once in each theme is enough where the screen is the same. */
  readonly rules: boolean
}

/** As the window opens, and as small as it gets. */
export const WINDOWS: readonly Look[] = [
  { name: 'light', scheme: 'light', width: 1180, height: 760, rules: true },
  { name: 'dark-smallest', scheme: 'dark', width: 880, height: 600, rules: true },
]

/** A window of 1280 × 800 at 200 %, which has 640 × 400 CSS pixels. */
export const ZOOMED: Look = { name: 'light-zoomed', scheme: 'light', width: 640, height: 400, rules: false }

/** The state that is shown now, in each look: no rule of axe is broken, nothing leaves the window sideways, and what one came for can be pressed. */
export async function checkLooks(page: Page, state: string, looks: readonly Look[], action?: Locator): Promise<void> {
  await test.step(state, async () => {
    for (const look of looks) {
      await page.mouse.move(0, 0) // off the button that was pressed last, whose tip lies over the page
      await expect(page.getByRole('tooltip')).toHaveCount(0)
      // Half-faded colours have no contrast of their own.
      await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: 'reduce' })
      await page.setViewportSize(look)
      await expect(page.locator('html')).toHaveAttribute('data-theme', look.scheme)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      const at = `${state}, ${look.name}`
      if (PICTURES !== undefined) await page.screenshot({ path: path.join(PICTURES, `${state.replaceAll(/\W+/g, '-')}.${look.name}.png`) })
      if (look.rules) expect.soft(await brokenRules(page), at).toEqual([])
      expect.soft(await outside(page), at).toEqual([])
      if (action) await action.click({ trial: true })
    }
  })
}

/** What axe finds in the page, one text for each element. */
export async function brokenRules(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } }
    // The palette's results scroll by the arrow keys of its field, where the focus stays; axe cannot know.
    const focusable = document.querySelector('.palette') === null
    const { violations } = await axe.run({ resultTypes: ['violations'], rules: { 'scrollable-region-focusable': { enabled: focusable } } })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`))
  })
}

/** Controls that lie beside the window, outside anything that scrolls to them; and the page itself where it is too wide. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.scrollingElement
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (/auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth
        ? true
        : scrolls(element.parentElement))
    const lost = [...document.querySelectorAll('button, a[href], input, [role=tab], h1')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      return (
        width > 1 &&
        (left < -1 || right > innerWidth + 1) &&
        !scrolls(element.parentElement) &&
        element.closest('[aria-hidden=true], .visually-hidden') === null
      )
    })
    return [
      ...(wide && wide.scrollWidth > innerWidth ? [`the page is ${wide.scrollWidth} px wide`] : []),
      ...lost.map((element) => element.outerHTML.slice(0, 160)),
    ]
  })
}
