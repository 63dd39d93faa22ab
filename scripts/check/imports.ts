/** The architecture gate: who imports whom, by the rules of `.dependency-cruiser.cjs`. */
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
    'bench',
    'canvas',
    'cli',
    'client',
    'concurrency',
    'config',
    'conformance',
    'contracts',
    'dashboard',
    'observability',
  ],
  ...['payloads', 'schedules', 'scripts', 'services', 'stack', 'test', 'workers', 'workflows'],
] as const;

/** What the gate looked at and what it found. */
export interface ImportReport {
  /** Our own modules that were looked at, as paths below the root. */
  readonly modules: readonly string[];
  /** What each of them imports by value, of our own modules. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** One line for each broken rule. */
  readonly violations: readonly string[];
}

interface CruiserConfig {
  readonly forbidden: NonNullable<IFlattenedRuleSet['forbidden']>;
  readonly options: ICruiseOptions;
}

const REPOSITORY = resolve(import.meta.dirname, '../..');

/**
 * Runs the rules over a source tree.
 *
 * @param root - the folder that holds `workflows/`, `services/` and so on; another than the repository only in tests
 */
export async function checkImports(root: string = REPOSITORY): Promise<ImportReport> {
  const require = createRequire(import.meta.url);
  const config = require(join(REPOSITORY, '.dependency-cruiser.cjs')) as CruiserConfig; // our own file
  const present = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = FOLDERS.filter((folder) => present.some((entry) => entry.name === folder));
  const { output } = await cruise(
    [...folders],
    { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir: root },
    undefined,
    { tsConfig: extractTSConfig(join(REPOSITORY, 'tsconfig.json')) },
  );
  return report(output as ICruiseResult); // an object, because no output type was asked for
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

/** The TypeScript files of those folders that git knows or would add: what the gate must have looked at. */
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
