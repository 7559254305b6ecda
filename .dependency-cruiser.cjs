// The arrows of docs/architecture.md. A new arrow is a decision: write it there and in docs/decisions.md first.
const CORE = { dependencyTypes: ['core'] }
const PHASES = '^proxy/engine/(pipeline|visit)/(receive|match|guard|select|forward|observe)\\.ts$'
const POLICIES = '^proxy/engine/balance/(round-robin|least-connections|random-two|client-ip)\\.ts$'

/** A rule that files under `from` may reach `to` only where `except` says so. */
function only(name, comment, from, allowed, extra = {}) {
  return { name, comment, severity: 'error', from: { path: from, ...extra }, to: { pathNot: allowed } }
}

/** The engine's floors, from the ground up: a floor may import itself and those before it, whatever stands on one line being side by side. */
const FLOORS = [
  ['time', 'intake', 'access', 'balance', 'route', 'measure'],
  ['http', 'edge'],
  ['backend'],
  ['world'],
  ['gate'],
  ['visit'],
  ['relay', 'files', 'health', 'reload'],
  ['serve'],
  ['pipeline', 'stream'],
]

/** For each room of the engine: what stands above it, or beside it, is out of its reach. */
function floors() {
  return FLOORS.flatMap((rooms, floor) =>
    rooms.map((room) => ({
      name: `floor-${room}`,
      comment: 'A floor of the engine imports lower floors only: see docs/architecture.md.',
      severity: 'error',
      from: { path: `^proxy/engine/${room}/` },
      to: { path: '^proxy/engine/', pathNot: `^proxy/engine/(${[...FLOORS.slice(0, floor).flat(), room].join('|')})/` },
    })),
  )
}

module.exports = {
  forbidden: [
    ...floors(),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(proxy|electron|renderer)/' },
      to: { couldNotResolve: true, pathNot: '^electron$' },
    },
    only('contract-is-pure', 'All parts share it: zod and ipaddr.js only.', '^proxy/contract/', [
      '^proxy/contract/',
      'node_modules/(zod|ipaddr\\.js)/',
    ]),
    { name: 'contract-without-node', severity: 'error', from: { path: '^proxy/contract/' }, to: CORE },
    only('engine-alone', 'The data plane knows neither host, shell nor window.', '^proxy/engine/', [
      '^proxy/(engine|contract|system|outbound)/',
      '^[a-z_/]+$',
      'node_modules/(ipaddr\\.js|zod|fresh|mime|@types/fresh)/',
    ]),
    only('outbound-alone', 'How backends are dialled and spoken to, for engine and host alike.', '^proxy/outbound/', [
      '^proxy/(outbound|contract)/',
      '^[a-z_/]+$',
    ]),
    only('system-alone', 'What the operating system tells; no more.', '^proxy/system/', ['^proxy/(system|contract)/', '^[a-z_/]+$']),
    only('host-without-engine', 'The engine is a bundle to spawn, never code to import.', '^proxy/host/', [
      '^proxy/(host|contract|system|outbound)/',
      '^[a-z_/]+$',
      'node_modules/(zod|jsonc-parser|ipaddr\\.js)/',
    ]),
    only('cli-on-top-of-host', 'Commands know the host and the contract.', '^proxy/cli/', [
      '^proxy/(cli|host|contract|system)/',
      '^[a-z_/]+$',
      'node_modules/zod/',
      'package\\.json$',
    ]),
    only('utility-starts-engines', 'It is a process of its own, and only starts what the host runs.', '^electron/utility/', [
      '^electron/utility/',
      '^proxy/host/spawn/launch\\.ts$',
      '^[a-z_/]+$',
      'node_modules/(electron|zod)/',
    ]),
    only('shell-on-top-of-host', 'The shell is only what needs Electron.', '^electron/main/', [
      '^electron/main/',
      '^electron/utility/messages\\.ts$',
      '^proxy/(host|contract)/',
      '^[a-z_/]+$',
      '^electron$',
      'node_modules/(electron|electron-store|zod)/',
      'package\\.json$',
    ]),
    only('preload-is-thin', 'It runs beside the page.', '^electron/preload/', [
      '^electron/preload/',
      '^proxy/contract/shell-api\\.ts$',
      '^electron$',
      'node_modules/electron/',
    ]),
    only('renderer-is-a-web-page', 'No Node, no Electron.', '^renderer/', [
      '^renderer/',
      '^proxy/contract/',
      'node_modules/(react|react-dom|react-aria-components|react-aria|react-stately|lucide-react|uplot|zod|@react-aria|@react-stately|@react-types|@internationalized)/',
    ]),
    { name: 'renderer-without-node', severity: 'error', from: { path: '^renderer/' }, to: CORE },
    {
      name: 'features-do-not-meet',
      comment: 'What two features share belongs to ui, lib, state or api.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/([^/]+)/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'ui-knows-no-feature',
      severity: 'error',
      from: { path: '^renderer/(ui|lib|state|api)/' },
      to: { path: '^renderer/(features|app)/' },
    },
    { name: 'phases-do-not-meet', severity: 'error', from: { path: PHASES }, to: { path: PHASES } },
    { name: 'policies-do-not-meet', severity: 'error', from: { path: POLICIES }, to: { path: POLICIES } },
    { name: 'product-without-tests', severity: 'error', from: { path: '^(proxy|electron|renderer)/' }, to: { path: '^(test|bench)/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts', '.css'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
}
