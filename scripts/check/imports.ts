/** The architecture gate, which checks all imports against the rules of `.dependency-cruiser.cjs`. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import {
  cruise,
  type ICruiseOptions,
  type ICruiseResult,
  type IFlattenedRuleSet,
  type IModule,
} from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** The folders that hold modules of the product, its tools and its tests. */
export const FOLDERS = [
  ...[
    'activities',
    'api',
    'application',
    'bench',
    'canvas',
    'cli',
    'client',
    'concurrency',
    'config',
    'conformance',
    'contracts',
    'dashboard',
    'define',
    'observability',
  ],
  ...['payloads', 'schedules', 'scripts', 'services', 'stack', 'test', 'testing', 'workers', 'workflows'],
] as const;

/** The result of the architecture gate. */
export interface ImportReport {
  /** The modules that were checked, as paths below the root. */
  readonly modules: readonly string[];
  /** The modules of the repository that each module imports by value. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** One line for each violation of a rule. */
  readonly violations: readonly string[];
}

interface CruiserConfig {
  readonly forbidden: NonNullable<IFlattenedRuleSet['forbidden']>;
  readonly options: ICruiseOptions;
}

const REPOSITORY = resolve(import.meta.dirname, '../..');

/**
 * Checks the imports of a source tree.
 *
 * @param root - the folder that contains `workflows/`, `services/` and so on; only tests give one other than the
 * repository
 */
export async function checkImports(root: string = REPOSITORY): Promise<ImportReport> {
  const require = createRequire(import.meta.url);
  // The file belongs to this repository, so its type is known.
  const config = require(join(REPOSITORY, '.dependency-cruiser.cjs')) as CruiserConfig;
  const present = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = FOLDERS.filter((folder) => present.some((entry) => entry.name === folder));
  const { output } = await cruise(
    [...folders],
    { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir: root },
    undefined,
    { tsConfig: extractTSConfig(join(REPOSITORY, 'tsconfig.json')) },
  );
  return report(output as ICruiseResult); // the result is an object unless an output type is given
}

function report(result: ICruiseResult): ImportReport {
  const own = new RegExp(`^(${FOLDERS.join('|')})/`);
  const modules = result.modules.filter((module) => own.test(module.source));
  return {
    modules: modules.map((module) => module.source),
    edges: new Map(modules.map((module) => [module.source, valueImports(module).filter((path) => own.test(path))])),
    violations: result.summary.violations.map((violation) => {
      const way = violation.cycle?.map((step) => step.name).join(' → ') ?? violation.to;
      return `${violation.rule.name}: ${violation.from} → ${way}`;
    }),
  };
}

function valueImports(module: IModule): readonly string[] {
  return module.dependencies.filter((to) => !to.dependencyTypes.includes('type-only')).map((to) => to.resolved);
}

/** Returns the TypeScript files of `FOLDERS` that git tracks or would add, all of which the gate must have checked. */
export function trackedModules(): readonly string[] {
  const args = [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    ...FOLDERS.map((folder) => `${folder}/**/*.ts`),
  ];
  const listed = execFileSync('git', ['--glob-pathspecs', ...args], { cwd: REPOSITORY, encoding: 'utf8' });
  return listed.split('\n').filter((path) => path !== '');
}
