/**
 * Who may import whom: the table of docs/architecture.md as errors.
 * `test/architecture/imports.test.ts` runs it, checks that it looked at every
 * module, and proves with a seeded fault that it still catches one.
 */
const { plugInRules } = require('./scripts/check/plug-in-imports.cjs');

const FOLDERS =
  'activities|api|application|bench|canvas|cli|client|concurrency|config|conformance|contracts|dashboard|define|observability|payloads|schedules|scripts|services|stack|test|testing|workers|workflows';

/** `folder` may import by value only what `allowed` (a pattern of paths) matches; node_modules are ruled apart. */
function valueImports(folder, allowed, comment) {
  return {
    name: `${folder}-imports`,
    severity: 'error',
    comment,
    from: { path: `^${folder}/` },
    to: { path: `^(${FOLDERS})/`, pathNot: allowed, dependencyTypesNot: ['type-only'] },
  };
}

/** `folder` may import as types only what `allowed` matches. */
function typeImports(folder, allowed, comment) {
  return {
    name: `${folder}-type-imports`,
    severity: 'error',
    comment,
    from: { path: `^${folder}/` },
    to: { path: `^(${FOLDERS})/`, pathNot: allowed, dependencyTypes: ['type-only'] },
  };
}

/** Of node_modules, `folder` may use only `allowed`; `extra` narrows that down. */
function packages(folder, allowed, comment, extra = {}) {
  return {
    name: `${folder}-packages`,
    severity: 'error',
    comment,
    from: { path: `^${folder}/` },
    to: { path: '(^|/)node_modules/', pathNot: `(^|/)node_modules/(${allowed})/`, ...extra },
  };
}

function noNode(folder) {
  return {
    name: `${folder}-no-node`,
    severity: 'error',
    comment: 'Runs where Node does not exist, or is pure.',
    from: { path: `^${folder}/` },
    to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
  };
}

const SCHEMA = '(^|[/.])schema\\.ts$';
const PORT = '^services/.+/port\\.ts$';

/** Compiles the command line of a clone before it runs. */
const LAUNCHER = '^cli/perennial\\.mjs$';

/** Files of api/ and cli/ that build adapters: the root, what connects its commands, what it gives the domains, and the ports of a domain. */
const API_CLI_ROOTS = '^(api|cli)/(main|root|(?<=cli/)connect|[^/]+/ports)\\.ts$';

const general = [
  {
    name: 'no-circular',
    severity: 'error',
    comment: 'Neither file can be read, moved or tested without the other, types included; move what both need.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'not-resolvable',
    severity: 'error',
    comment: 'The import leads nowhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'not-declared',
    severity: 'error',
    comment: 'Used, but not in package.json: it would vanish with another package.',
    from: { path: `^(${FOLDERS})/` },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-in-product',
    severity: 'error',
    comment: 'Production is installed without devDependencies.',
    from: {
      path: '^(activities|api|application|canvas|cli|client|concurrency|config|contracts|define|observability|payloads|schedules|services|stack|testing|workers|workflows)/',
    },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
  },
  {
    name: 'nothing-imports-test',
    severity: 'error',
    comment: 'Tests look at everything and are seen by nothing.',
    from: { pathNot: '^(test|bench|scripts)/|^vitest\\.config' },
    to: { path: '^test/' },
  },
  {
    name: 'nothing-imports-scripts',
    severity: 'error',
    comment: 'Scripts are tools of developers, not parts of the product.',
    from: { pathNot: `^(scripts|bench|test)/|^vitest\\.config|${LAUNCHER}` },
    to: { path: '^(scripts|bench)/' },
  },
  {
    name: 'nothing-imports-conformance',
    severity: 'error',
    comment: 'The neutral tasks look at the engine from outside; production never loads them.',
    from: { pathNot: '^(conformance|test|bench|scripts)/' },
    to: { path: '^conformance/' },
  },
];

const folders = [
  valueImports('contracts', '^contracts/', 'The vocabulary is a leaf.'),
  typeImports('contracts', '^contracts/', 'The vocabulary is a leaf.'),
  {
    name: 'contracts-zod-in-schemas',
    severity: 'error',
    comment: 'Plain contracts reach the sandbox, zod must not; schemas live in schema.ts and *.schema.ts.',
    from: { path: '^contracts/', pathNot: SCHEMA },
    to: { path: `(^|/)node_modules/|${SCHEMA}`, dependencyTypesNot: ['type-only'] },
  },
  packages('contracts', 'zod', 'Only zod, and only in schema.ts and *.schema.ts.'),
  noNode('contracts'),

  valueImports('concurrency', '^concurrency/', 'Pure: ways to have several things under way, for everybody.'),
  typeImports('concurrency', '^concurrency/', 'Pure.'),
  packages('concurrency', '-none-', 'Pure.'),
  noNode('concurrency'),

  valueImports(
    'canvas',
    '^(canvas|concurrency|contracts)/(?!.*[/.]schema\\.ts$)',
    'Pure: no Temporal, no schemas by value.',
  ),
  typeImports('canvas', '^(canvas|concurrency|contracts)/', 'Pure.'),
  packages('canvas', '-none-', 'Pure.'),
  noNode('canvas'),

  valueImports('schedules', '^(schedules|contracts)/(?!.*[/.]schema\\.ts$)', 'Entries as code and pure conversions.'),
  typeImports('schedules', '^(schedules|contracts)/', 'Pure.'),
  packages('schedules', 'astronomy-engine', 'Only what computes the sun.'),

  valueImports(
    'workflows',
    '^(workflows|canvas|concurrency|contracts)/(?!.*[/.]schema\\.ts$)',
    'The sandbox loads decisions only.',
  ),
  typeImports('workflows', '^(workflows|canvas|concurrency|contracts|activities)/', 'Activities as types only.'),
  packages('workflows', '@temporalio/(workflow|common)', 'The sandbox: workflow API only.'),
  noNode('workflows'),

  valueImports('activities', '^(activities|contracts|canvas|concurrency|schedules)/', 'Adapters are passed in.'),
  typeImports(
    'activities',
    `^(activities|contracts|canvas|concurrency|schedules)/|${PORT}`,
    'Ports as types; adapters are passed in.',
  ),
  packages(
    'activities',
    '@temporalio/(activity|common|proto)',
    'No vendor in an activity; types of schemas are harmless. The words of the server are for questions to it.',
    { dependencyTypesNot: ['type-only'] },
  ),

  valueImports('services', '^(services|contracts)/', 'Services know vendors, and never Temporal.'),
  typeImports('services', '^(services|contracts)/', 'Services know vendors, and never Temporal.'),
  {
    name: 'services-no-temporal',
    severity: 'error',
    comment: 'Services know vendors, and never Temporal.',
    from: { path: '^(services|config|contracts|canvas|concurrency)/' },
    to: { path: '(^|/)node_modules/@temporalio/' },
  },

  valueImports('payloads', '^(payloads|contracts)/', 'How values travel, for clients and workers alike.'),
  typeImports('payloads', '^(payloads|contracts)/', 'As by value.'),
  packages('payloads', '@temporalio/(common|proto)', 'Stores are passed in.'),

  valueImports(
    'client',
    '^(client|contracts|canvas|concurrency|payloads|schedules)/|^workflows/.*messages\\.ts$',
    'Starts by name; never loads sandbox code.',
  ),
  typeImports(
    'client',
    `^(client|contracts|canvas|concurrency|payloads|schedules|workflows)/|${PORT}`,
    'Workflows and ports as types.',
  ),
  {
    name: 'client-temporal',
    severity: 'error',
    comment: 'Of Temporal, the client needs the client.',
    from: { path: '^client/' },
    to: { path: '(^|/)node_modules/@temporalio/', pathNot: '@temporalio/(client|common|proto)/' },
  },

  {
    name: 'api-cli-imports',
    severity: 'error',
    comment: 'Speak to client/ and to ports; only main.ts reads config, and only main.ts and ports.ts build adapters.',
    from: { path: '^(api|cli)/', pathNot: `${API_CLI_ROOTS}|${LAUNCHER}` },
    to: {
      path: `^(${FOLDERS})/`,
      pathNot: '^(client|contracts|observability)/|^$1/',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'api-cli-type-imports',
    severity: 'error',
    comment: 'Ports and config as types.',
    from: { path: '^(api|cli)/', pathNot: API_CLI_ROOTS },
    to: {
      path: `^(${FOLDERS})/`,
      pathNot: `^(application|client|contracts|observability|config|define|stack)/|^$1/|${PORT}`,
      dependencyTypes: ['type-only'],
    },
  },
  {
    name: 'api-cli-roots',
    severity: 'error',
    comment: 'Composition roots of API and CLI: no workers, workflows or activities.',
    from: { path: API_CLI_ROOTS },
    to: {
      path: `^(${FOLDERS})/`,
      pathNot: '^(application|client|contracts|observability|config|services|stack)/|^$1/',
    },
  },
  {
    name: 'api-cli-ports',
    severity: 'error',
    comment: 'A domain builds its ports over adapters; config reaches them through the root.',
    from: { path: '^(api|cli)/([^/]+/ports|root)\\.ts$' },
    to: {
      path: `^(${FOLDERS})/`,
      pathNot: '^(client|contracts|observability|services)/|^$1/',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'api-cli-no-temporal',
    severity: 'error',
    comment: 'Temporal is behind client/.',
    from: { path: '^(api|cli)/' },
    to: { path: '(^|/)node_modules/@temporalio/' },
  },

  valueImports(
    'workers',
    '^(workers|activities|application|services|config|observability|contracts|client|payloads)/',
    'Workflows by path, never by import; the client for tasks that look after jobs.',
  ),
  typeImports(
    'workers',
    '^(workers|activities|application|services|config|observability|contracts|client|payloads)/',
    'As by value.',
  ),

  valueImports(
    'conformance',
    '^(conformance|canvas|concurrency|contracts|config|client|stack)/|^workers/(bundle|connection)\\.ts$|^workflows/canvas/',
    'A worker of its own beside the running stack; workflows by path, except in its own bundle.',
  ),
  {
    name: 'conformance-bundle',
    severity: 'error',
    comment: 'The neutral workflow is sandbox code.',
    from: { path: '^conformance/workflows/' },
    to: {
      path: `^(${FOLDERS})/|(^|/)node_modules/`,
      pathNot:
        '^(conformance/workflows|workflows|canvas|concurrency|contracts)/(?!.*[/.]schema\\.ts$)|node_modules/@temporalio/(workflow|common)/',
      dependencyTypesNot: ['type-only'],
    },
  },

  valueImports(
    'define',
    '^(define|contracts)/|^config/entries\\.ts$',
    'Modules of an application load it, in every process; its settings are entries as those of the product.',
  ),
  typeImports(
    'define',
    '^(define|client|contracts|activities/shell)/|^canvas/build/typed\\.ts$|^config/entries\\.ts$',
    'A body is what the shell calls; a canvas is what the builders make.',
  ),
  packages('define', 'zod', 'Only zod; an application brings its own libraries.'),

  valueImports('application', '^(application|config|contracts|define)/', 'Loads what an application defines.'),
  typeImports('application', '^(application|config|contracts|define)/', 'As by value.'),

  valueImports(
    'testing',
    '^(testing|activities/shell|application|canvas|contracts|define)/|^client/connect\\.ts$|^workers/(application|server-setup|workers)\\.ts$',
    'What a worker does with an application, without the server of the stack.',
  ),
  typeImports('testing', '^(testing|activities/shell|application|canvas|client|contracts|define)/', 'As by value.'),
  packages('testing', '@temporalio/(client|common|testing|worker)', 'Works with every runner of tests.'),

  valueImports('config', '^(config|contracts)/', 'Config is a leaf.'),
  typeImports('config', '^(config|contracts)/', 'Config is a leaf.'),
  packages('config', 'zod', 'Only zod.'),

  valueImports('observability', '^(observability|contracts)/', 'Shared by processes, knows none.'),
  typeImports('observability', '^(observability|contracts)/', 'Shared by processes, knows none.'),

  valueImports(
    'stack',
    '^(stack|application|config|observability|services|contracts|client)/',
    'Starts processes; workers and API by path, never by import.',
  ),
  typeImports('stack', '^(stack|application|config|observability|services|contracts|client)/', 'As by value.'),

  ...plugInRules(FOLDERS),

  valueImports('dashboard', '^dashboard/', 'Speaks HTTP to api/ only.'),
  typeImports('dashboard', '^(dashboard|contracts)/', 'Contracts as types.'),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...general, ...folders],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Anchored: most packages have a dist/ too, and unseen packages break no rule.
    exclude: { path: '^(dist|coverage|\\.perennial)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    skipAnalysisNotInRules: true,
  },
};
