import { useRef, useState } from 'react'
import type { AddressPreset } from '../../../proxy/contract/config/access'
import type { Discovered } from '../../../proxy/contract/calls/doctor'
import { expose } from '../../../proxy/contract/expose'
import { CallError } from '../../../proxy/contract/failure'
import { allowOf } from '../../lib/access-words'
import { findOwnPort } from '../../state/own-port'
import { useSession } from '../../state/session'
import { showToast } from '../../ui/toast'
import { beginFirstRun } from './use-first-run'
import { commonPlaceIsFree, freeName } from './place'
import { nameOf } from './found-words'

/** What was exposed from this screen. */
export interface Exposed {
  readonly id: string
  readonly preset: AddressPreset
  readonly undo: () => Promise<boolean>
}

interface Exposing {
  /** By the URL of what was found. */
  readonly exposed: ReadonlyMap<string, Exposed>
  readonly expose: (found: Discovered, preset: AddressPreset) => Promise<void>
  readonly undo: (url: string) => Promise<void>
}

/** Exposes what was found with one press: on the common listeners where they are free, else on a port of its own. */
export function useExpose(): Exposing {
  const { client, config, status } = useSession()
  const [exposed, setExposed] = useState<ReadonlyMap<string, Exposed>>(new Map())
  const underWay = useRef(new Map<string, Promise<void>>())

  /** In the order of the presses, each after the one before, which may take the place that is free now; a second press of the same is none. */
  function inTurn(found: Discovered, preset: AddressPreset): Promise<void> {
    const running = underWay.current
    const known = running.get(found.url)
    if (known) return known
    const before = [...running.values()].at(-1) ?? Promise.resolve()
    const mine = before.then(() => exposeFound(found, preset)).finally(() => running.delete(found.url))
    running.set(found.url, mine)
    return mine
  }

  async function exposeFound(found: Discovered, preset: AddressPreset): Promise<void> {
    const saved = config.get()
    if (!saved) return
    beginFirstRun()
    try {
      const port = commonPlaceIsFree(saved, status.get().status?.listeners ?? []) ? undefined : await findOwnPort(client, saved.document)
      const name = freeName(nameOf(found), saved.config)
      let id = ''
      const change = await config.change(`Exposed ${name}`, (document) => {
        const made = expose(document, { url: found.url, name, port, allow: allowOf(preset) })
        id = made.service.id
        return made.document
      })
      if (change.ok) setExposed((before) => new Map(before).set(found.url, { id, preset, undo: change.undo }))
      else showToast({ tone: 'down', text: `${name} was not exposed.`, detail: change.issues[0]?.message ?? change.message })
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      showToast({ tone: 'down', text: 'Nothing was exposed.', detail: error.message })
    }
  }

  async function undo(url: string): Promise<void> {
    if (!(await exposed.get(url)?.undo())) return
    setExposed((before) => new Map([...before].filter(([other]) => other !== url)))
  }

  return { exposed, expose: inTurn, undo }
}
