import Module from 'node:module'

const URL_OF_ELECTRON = 'electron-standin:main'
const IS_ELECTRON = /^electron(\/(main|common))?$/

interface LoadedModule {
  format: 'module'
  source: string
  shortCircuit: true
}
type Next<Result> = (name: string, context: unknown) => Result
interface Hooks {
  resolve(name: string, context: unknown, next: Next<unknown>): unknown
  load(url: string, context: unknown, next: Next<unknown>): unknown
}

/** Makes `electron` resolve to the stand-in, for `import` and `require`, before anything of the app is loaded. */
export function provideElectron(electron: Readonly<Record<string, unknown>>): void {
  Object.assign(globalThis, { [Symbol.for(URL_OF_ELECTRON)]: electron })
  const names = Object.keys(electron).map((name) => `export const ${name} = electron.${name};`)
  const source = `const electron = globalThis[Symbol.for('${URL_OF_ELECTRON}')]; export default electron; ${names.join(' ')}`

  // `require`, which the debugger uses too.
  const loader = Module as unknown as { ['_load'](request: string, ...rest: unknown[]): unknown; registerHooks?(hooks: Hooks): void }
  const load = loader['_load'].bind(Module)
  loader['_load'] = (request, ...rest) => (IS_ELECTRON.test(request) ? electron : load(request, ...rest))

  const resolved = { url: URL_OF_ELECTRON, format: 'module', shortCircuit: true }
  const loaded: LoadedModule = { format: 'module', source, shortCircuit: true }
  // Node 22.15 has hooks in the same thread; Node 20 wants a module of them.
  if (loader.registerHooks) {
    loader.registerHooks({
      resolve: (name, context, next) => (IS_ELECTRON.test(name) ? resolved : next(name, context)),
      load: (url, context, next) => (url === URL_OF_ELECTRON ? loaded : next(url, context)),
    })
    return
  }
  Module.register(
    `data:text/javascript,${encodeURIComponent(`
    export async function resolve(name, context, next) { return ${IS_ELECTRON}.test(name) ? ${JSON.stringify(resolved)} : next(name, context) }
    export async function load(url, context, next) { return url === '${URL_OF_ELECTRON}' ? ${JSON.stringify(loaded)} : next(url, context) }`)}`,
  )
}
