import type { Handlers } from '../../contract/api'
import type { doctorCalls as api } from '../../contract/calls/doctor'
import type { Surroundings } from '../../contract/check'
import type { Configuration } from '../configuration'
import { scan } from '../discovery/scan'
import { ownAddresses } from '../own-addresses'
import { testBackend } from './test-backend'
import { testFolder } from './test-folder'
import { testPort } from './test-port'

export interface DoctorCallParts {
  readonly configuration: Configuration
  readonly surroundings: () => Surroundings
  /** Folders and files that nobody may host. */
  readonly own: readonly string[]
}

/** What can be found out before anything is saved. */
export function doctorCalls({ configuration, surroundings, own }: DoctorCallParts): Handlers<typeof api> {
  return {
    'discovery.scan': () => {
      const { consolePort } = surroundings()
      return scan({
        config: configuration.current.config,
        own: ownAddresses(),
        skip: new Set(consolePort === undefined ? [] : [consolePort]),
      })
    },
    'backend.test': (question) => testBackend(question, configuration.current.document.listeners, surroundings()),
    'folder.test': ({ folder }) => testFolder(folder, [...own]),
    'port.test': (question) => testPort(question, configuration.current.config, surroundings().consolePort),
  }
}
