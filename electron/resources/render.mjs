// @ts-check
// Draws the PNG icons from their SVGs: `node electron/resources/render.mjs`, with rsvg-convert (Debian: librsvg2-bin).
// Electron picks among `name.png`, `name@1.5x.png`, `name@2x.png` … by the screen's scale.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const STATES = ['ok', 'warn', 'down', 'stopped']

/** Suffix of the PNG's name → its size. 16 px and its multiples for Windows, 24 px for Linux panels. */
const COLOUR = { '': 16, '@1.25x': 20, '@1.5x': 24, '@2x': 32, '@3x': 48, '-24': 24, '-24@2x': 48 }
const TEMPLATE = { '': 16, '@2x': 32 }

/**
 * @param {string} svg
 * @param {string} png
 * @param {number} size
 */
function draw(svg, png, size) {
  execFileSync('rsvg-convert', ['--width', String(size), '--height', String(size), '--output', path.join(here, png), path.join(here, svg)])
}

for (const state of STATES) {
  for (const [suffix, size] of Object.entries(COLOUR)) draw(`tray/svg/${state}.svg`, `tray/${state}${suffix}.png`, size)
  for (const [suffix, size] of Object.entries(TEMPLATE)) draw(`tray/svg/${state}Template.svg`, `tray/${state}Template${suffix}.png`, size)
}
draw('icon.svg', 'icon.png', 1024)
