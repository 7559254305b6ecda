import type { User } from '../../contract/config/access'
import type { Config } from '../../contract/config/document'
import type { Listener } from '../../contract/config/listener'
import type { Service } from '../../contract/config/service'
import type { Settings } from '../../contract/config/settings'
import type { AccessRules } from '../access/compile-access'
import type { BlockList } from '../access/compile-blocked'
import type { RangeSet } from '../access/range-set'
import type { OwnCookies } from '../http/cookie'
import type { HeaderRules } from '../http/header-rules'
import type { Router } from '../route/router'

/** A service, ready for requests. */
export interface CompiledService {
  readonly id: string
  readonly name: string
  readonly config: Service
  /** Ids of the listeners it answers on. */
  readonly listeners: readonly string[]
  readonly access: AccessRules
  /** Who may sign in, by name. */
  readonly users: ReadonlyMap<string, User>
  /** Who sees the real site while the maintenance page is on. */
  readonly seesThrough: AccessRules
  /** How many segments of a path are taken off for the backend. */
  readonly strippedSegments: number
  /** Cookies of its visitors that are the gateway's own business; null: none is. */
  readonly ownCookies: OwnCookies | null
  /** Changes to what backends get, and to what clients get; null: none. */
  readonly requestRules: HeaderRules | null
  readonly answerRules: HeaderRules | null
}

/** A compiled configuration: immutable, and the one world a request sees from its start to its end. */
export interface Snapshot {
  readonly revision: string
  readonly config: Config
  readonly settings: Settings
  /** Places on this machine that are hosted for nobody, wherever they lie. */
  readonly hidden: readonly string[]
  readonly listeners: readonly Listener[]
  /** All services by id, also those switched off. */
  readonly services: ReadonlyMap<string, CompiledService>
  /** By listener id; services that are switched off are in none. */
  readonly routers: ReadonlyMap<string, Router<CompiledService>>
  readonly trustedProxies: RangeSet
  /** The whole gateway's block list. */
  readonly blocked: BlockList
  /** Whether time alone can change who is refused. */
  readonly timed: boolean
}
