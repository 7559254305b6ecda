import type { ConfigDocument } from '../contract/config/document'
import { CallError } from '../contract/failure'
import { parseConfig } from '../contract/parse'
import type { ResultOf } from '../contract/api'
import type { ControlApi } from '../contract/control-api'
import type { GatewayClient } from './gateway-client'
import { CommandError } from './usage-error'

/** Someone else may save between our reading and writing; then it is done again on what they saved. */
const TRIES = 5

/** Changes the running gateway's document. `edit` gives the new one with whatever the command wants to know of it. */
export async function editConfig<Result>(
  client: GatewayClient,
  edit: (document: ConfigDocument) => { readonly document: ConfigDocument; readonly result: Result },
  summary?: string,
): Promise<{ readonly result: Result; readonly saved: ResultOf<ControlApi, 'config.put'> }> {
  for (let tried = 1; ; tried++) {
    const { revision, document } = await client.call('config.get', {})
    const current = parseConfig(document)
    if (!current.ok) throw new CommandError('The gateway’s configuration was made by another version of AstroRelay.')
    const edited = edit(current.document)
    try {
      const saved = await client.call('config.put', {
        document: edited.document,
        baseRevision: revision,
        by: 'command line',
        ...(summary === undefined ? {} : { summary }),
      })
      return { result: edited.result, saved }
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'AR_CONFLICT') || tried === TRIES) throw error
    }
  }
}
