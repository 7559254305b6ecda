import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import { startGateway, type Gateway } from './gateway'
import { tempDirectory } from './temp-directory'

/** Names and contents, folders made as needed. */
export type Files = Readonly<Record<string, string | Buffer>>

/** A folder with these files, hosted by a gateway of the test's own. What the test puts beside the folder goes with it. */
export async function hostFolder(
  files: Files,
  more: Partial<ServiceDocument> = {},
): Promise<{ gateway: Gateway; port: number; root: string }> {
  const root = path.join(tempDirectory(), 'site')
  mkdirSync(root)
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  await gateway.serve({ id: 'manuals', name: 'Manuals', type: 'files', root, ...more })
  return { gateway, port: gateway.port, root }
}
