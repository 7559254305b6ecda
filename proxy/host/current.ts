import type { Config, ConfigDocument } from '../contract/config/document'

/** The document that serves, with what is known of it. */
export interface Current {
  readonly revision: string
  readonly at: number
  readonly document: ConfigDocument
  readonly config: Config
}
