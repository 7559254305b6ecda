import { ChevronRight } from 'lucide-react'
import { Breadcrumb, Breadcrumbs as AriaBreadcrumbs } from 'react-aria-components'
import type { Route } from '../state/route'
import { Icon } from './icon'
import { Link } from './link'
import './breadcrumbs.css'

/** The way to this screen; the last part is the screen itself and leads nowhere. */
export function Breadcrumbs({
  way,
  here,
}: {
  readonly way: readonly { readonly text: string; readonly to: Route }[]
  readonly here: string
}) {
  return (
    <nav aria-label="Breadcrumbs">
      <AriaBreadcrumbs className="breadcrumbs">
        {way.map(({ text, to }) => (
          <Breadcrumb key={text}>
            <Link to={to}>{text}</Link>
            <Icon of={ChevronRight} size={12} />
          </Breadcrumb>
        ))}
        <Breadcrumb>
          <span aria-current="page">{here}</span>
        </Breadcrumb>
      </AriaBreadcrumbs>
    </nav>
  )
}
