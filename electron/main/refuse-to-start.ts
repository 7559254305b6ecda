import { app, dialog } from 'electron'

/** Tells the launcher that the person has read why, so that it does not try something else; see launch/start.mjs. */
const REFUSED = 3

/** The host could not start: its error is a sentence for people. */
export function refuseToStart(error: unknown): void {
  dialog.showErrorBox('AstroRelay could not start', error instanceof Error ? error.message : String(error))
  app.exit(REFUSED)
}
