import { CornerUpRight, Folder, Globe, Orbit, Server, Users, type LucideIcon } from 'lucide-react'
import { Icon } from '../../ui/icon'
import { type Step, whatHappens } from './model/what-happens'
import type { ServiceForm } from './use-service-form'

const ICONS: Readonly<Record<Step['station'], LucideIcon>> = {
  visitors: Users,
  address: Globe,
  gateway: Orbit,
  backends: Server,
  folder: Folder,
  target: CornerUpRight,
}

/** What saving would do, in words, from the visitor to the backend; follows every key. */
export function WhatWillHappen({ form }: { readonly form: ServiceForm }) {
  const { draft, context, networks, addresses, listensOn } = form
  const steps = whatHappens(draft, { document: context.document, networks, addresses, listensOn })
  return (
    <aside className="happens well" aria-label="What will happen">
      <h2 className="happens-title">What will happen</h2>
      <ol className="happens-way">
        {steps.map(({ station, title, text }) => (
          <li key={station} data-station={station}>
            <span className="happens-mark">
              <Icon of={ICONS[station]} size={14} />
            </span>
            <p className="wrap-anywhere">
              <b>{title}</b>
              {text}
            </p>
          </li>
        ))}
      </ol>
    </aside>
  )
}
