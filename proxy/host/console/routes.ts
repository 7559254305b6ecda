import type { HttpForm } from '../../contract/calls/http-call'
import { controlApi, type ControlCallName } from '../../contract/control-api'

export interface Route {
  readonly name: ControlCallName
  readonly form: HttpForm
  readonly pattern: RegExp
  /** Names of the path's parameters, in order. */
  readonly parameters: readonly string[]
}

/** Every call's HTTP form, ready to be matched. */
export const ROUTES: readonly Route[] = callNames().map((name) => {
  const form: HttpForm = controlApi[name].http
  const parameters = [...form.path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter]) => (parameter === undefined ? [] : [parameter]))
  return { name, form, parameters, pattern: new RegExp(`^${form.path.replace(/\{\w+\}/g, '([^/]+)')}$`) }
})

export type Match =
  | { readonly kind: 'route'; readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allow: string }
  | { readonly kind: 'none' }

/** The call for a method and a path below `/api/v1`. */
export function matchRoute(method: string, path: string): Match {
  const matches = ROUTES.flatMap((route) => {
    const values = route.pattern.exec(path)
    return values ? [{ route, values: values.slice(1) }] : []
  })
  const match = matches.find(({ route }) => route.form.method === method)
  if (!match)
    return matches.length > 0 ? { kind: 'wrong-method', allow: matches.map(({ route }) => route.form.method).join(', ') } : { kind: 'none' }
  const decoded = match.values.map(decode)
  if (decoded.includes(null)) return { kind: 'none' }
  return {
    kind: 'route',
    route: match.route,
    parameters: Object.fromEntries(match.route.parameters.map((name, at) => [name, decoded[at] ?? ''])),
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null // a broken percent sign names nothing
  }
}

function callNames(): ControlCallName[] {
  return Object.keys(controlApi).filter((name): name is ControlCallName => Object.hasOwn(controlApi, name))
}
