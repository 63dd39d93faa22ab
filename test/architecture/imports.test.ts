import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLUGGABLE } from '../../contracts/pluggable.ts';
import { entries } from '../../scripts/package/entries.ts';
import { checkImports, type ImportReport, trackedModules } from '../../scripts/check/imports.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** What the file with the rules for plug-ins has beside them. */
const { ENTRIES, OTHERS, PUBLIC } = createRequire(import.meta.url)(
  join(REPOSITORY, 'scripts/check/plug-in-imports.cjs'),
) as Readonly<Record<'ENTRIES' | 'PUBLIC', readonly string[]>> & {
  readonly OTHERS: Readonly<Record<string, readonly string[]>>;
}; // of this repository

/** Modules that an application imports the package by. */
const importable = Object.values(entries).flatMap(({ path, modules }) => (path === undefined ? [] : modules));

/** What `layer` needs an exception for: its domains that are plug-ins import it, and it is neither theirs nor public. */
function neededBy(layer: string, edges: ImportReport['edges']): readonly string[] {
  const needed = PLUGGABLE.flatMap((domain) =>
    [...edges].flatMap(([from, to]) =>
      from.startsWith(`${layer}/${domain}/`) ? to.filter((file) => file.split('/')[1] !== domain) : [],
    ),
  );
  return [...new Set(needed.filter((file) => !PUBLIC.includes(file)))].toSorted();
}

describe('the import rules on the repository', () => {
  let report: ImportReport;

  beforeAll(async () => {
    report = await checkImports();
  });

  test('look at every module that git knows and find no violation', () => {
    const tracked = trackedModules();
    expect(tracked.length).toBeGreaterThan(50);
    expect(tracked.filter((path) => !report.modules.includes(path))).toEqual([]);
    expect(report.violations).toEqual([]);
  });

  test.each(Object.entries(OTHERS))('have no exception for plug-ins in %s that no import needs', (layer, others) => {
    expect(others).toEqual(neededBy(layer, report.edges));
  });
});

test('the rule for plug-ins knows each of them, and the entries of the package', () => {
  const { forbidden } = createRequire(import.meta.url)(join(REPOSITORY, '.dependency-cruiser.cjs')) as {
    readonly forbidden: readonly { name: string; from: { path?: string } }[];
  };
  const rules = forbidden.filter(({ name }) => name.endsWith('-plug-in-imports'));
  expect(rules.map(({ name }) => name.replace('-plug-in-imports', ''))).toEqual(Object.keys(OTHERS));
  for (const { name, from } of rules) {
    const layer = name.replace('-plug-in-imports', '');
    for (const domain of PLUGGABLE) expect(`${layer}/${domain}/a.ts`).toMatch(new RegExp(from.path ?? 'none'));
  }
  expect(ENTRIES.toSorted()).toEqual(importable.toSorted());
});

/** Each file breaks one rule; the rest of the tree is innocent. */
const FAULTS: Readonly<Record<string, { readonly code: string; readonly rule: string }>> = {
  'workflows/value.ts': { code: `import { act } from '../activities/act.ts'; act();`, rule: 'workflows-imports' },
  'workflows/schema.ts': { code: `import { a } from '../contracts/a.schema.ts'; a;`, rule: 'workflows-imports' },
  'workflows/service.ts': {
    code: `import type { P } from '../services/x/port.ts'; export type Q = P;`,
    rule: 'workflows-type-imports',
  },
  'workflows/node.ts': { code: `import fs from 'node:fs'; fs;`, rule: 'workflows-no-node' },
  'workflows/package.ts': { code: `import { Client } from '@temporalio/client'; Client;`, rule: 'workflows-packages' },
  'canvas/temporal.ts': { code: `import { sleep } from '@temporalio/workflow'; sleep;`, rule: 'canvas-packages' },
  'contracts/leaf.ts': { code: `import { p } from '../services/x/postgres.ts'; p;`, rule: 'contracts-imports' },
  'workflows/domain-schema.ts': {
    code: `import { b } from '../contracts/shop/schema.ts'; b;`,
    rule: 'workflows-imports',
  },
  'canvas/domain-schema.ts': { code: `import { b } from '../contracts/shop/schema.ts'; b;`, rule: 'canvas-imports' },
  'contracts/shop/vocabulary.ts': { code: `import { b } from './schema.ts'; b;`, rule: 'contracts-zod-in-schemas' },
  'concurrency/leaf.ts': { code: `import { two } from '../canvas/two.ts'; two;`, rule: 'concurrency-imports' },
  'contracts/zod.ts': { code: `import { z } from 'zod'; z;`, rule: 'contracts-zod-in-schemas' },
  'activities/adapter.ts': { code: `import { p } from '../services/x/postgres.ts'; p;`, rule: 'activities-imports' },
  'activities/adapter-type.ts': {
    code: `import type { p } from '../services/x/postgres.ts'; export type Q = typeof p;`,
    rule: 'activities-type-imports',
  },
  'schedules/service.ts': { code: `import { p } from '../services/x/postgres.ts'; p;`, rule: 'schedules-imports' },
  'schedules/schema.ts': { code: `import { a } from '../contracts/a.schema.ts'; a;`, rule: 'schedules-imports' },
  'schedules/temporal.ts': { code: `import { Client } from '@temporalio/client'; Client;`, rule: 'schedules-packages' },
  'services/x/temporal.ts': {
    code: `import { Context } from '@temporalio/activity'; Context;`,
    rule: 'services-no-temporal',
  },
  'services/x/config.ts': { code: `import { load } from '../../config/load.ts'; load;`, rule: 'services-imports' },
  'client/workflow.ts': { code: `import { flow } from '../workflows/flow.ts'; flow;`, rule: 'client-imports' },
  'api/shop/ports.ts': { code: `import { c } from '../../config/load.ts'; c;`, rule: 'api-cli-ports' },
  'api/adapter.ts': { code: `import { p } from '../services/x/postgres.ts'; p;`, rule: 'api-cli-imports' },
  'api/temporal.ts': { code: `import { Client } from '@temporalio/client'; Client;`, rule: 'api-cli-no-temporal' },
  'cli/worker.ts': {
    code: `import type { W } from '../workers/main.ts'; export type V = W;`,
    rule: 'api-cli-type-imports',
  },
  'cli/main.ts': { code: `import { W } from '../workers/main.ts'; W;`, rule: 'api-cli-roots' },
  'workflows/email/private.ts': {
    code: `import { flow } from '../../workflows/flow.ts'; flow;`,
    rule: 'workflows-plug-in-imports',
  },
  'activities/reports/private.ts': {
    code: `import { act } from '../act.ts'; act;`,
    rule: 'activities-plug-in-imports',
  },
  'contracts/imports/private.ts': {
    code: `import { two } from '../documents/two.ts'; two;`,
    rule: 'contracts-plug-in-imports',
  },
  'workflows/email/beside.ts': {
    code: `import { flow } from '../emails/flow.ts'; flow;`,
    rule: 'workflows-plug-in-imports',
  },
  'workers/flow.ts': { code: `import { flow } from '../workflows/flow.ts'; flow;`, rule: 'workers-imports' },
  'config/service.ts': { code: `import { p } from '../services/x/postgres.ts'; p;`, rule: 'config-imports' },
  'observability/config.ts': { code: `import { load } from '../config/load.ts'; load;`, rule: 'observability-imports' },
  'stack/worker.ts': { code: `import { W } from '../workers/main.ts'; W;`, rule: 'stack-imports' },
  'services/x/test.ts': { code: `import { t } from '../../test/t.ts'; t;`, rule: 'nothing-imports-test' },
  'workers/neutral.ts': {
    code: `import { neutral } from '../conformance/neutral.ts'; neutral;`,
    rule: 'nothing-imports-conformance',
  },
  'conformance/workflows/node.ts': {
    code: `import { neutral } from '../neutral.ts'; neutral;`,
    rule: 'conformance-bundle',
  },
  'services/x/dev.ts': { code: `import { test } from 'vitest'; test;`, rule: 'no-dev-in-product' },
  'services/x/lost.ts': { code: `import { t } from './nowhere.ts'; t;`, rule: 'not-resolvable' },
  'canvas/one.ts': { code: `import { two } from './two.ts'; export const one = two;`, rule: 'no-circular' },
  'canvas/type-one.ts': {
    code: `import type { Four } from './type-two.ts'; export type Three = Four;`,
    rule: 'no-circular',
  },
};

const INNOCENT: Readonly<Record<string, string>> = {
  'package.json':
    '{ "type": "module", "dependencies": { "zod": "4", "@temporalio/client": "1", "@temporalio/workflow": "1", "@temporalio/activity": "1" }, "devDependencies": { "vitest": "4" } }',
  'activities/act.ts': `import type { P } from '../services/x/port.ts'; export function act(_p?: P): void {}`,
  'contracts/a.schema.ts': `import { z } from 'zod'; export const a = z.string();`,
  'contracts/shop/schema.ts': `import { z } from 'zod'; export const b = z.string();`,
  'contracts/documents/two.ts': 'export const two = 2;',
  'workflows/email/own.ts': `import { flow } from './flow.ts'; import { two } from '../../contracts/email/two.ts'; export const own = [flow, two];`,
  'workflows/email/flow.ts': `import { chain } from '../calls/composition.ts'; export const flow = chain;`,
  'workflows/emails/flow.ts': `import { flow as other } from '../flow.ts'; export const flow = other;`,
  'workflows/calls/composition.ts': 'export const chain = 1;',
  'contracts/email/two.ts': 'export const two = 2;',
  'conformance/neutral.ts': 'export const neutral = 1;',
  'services/x/port.ts': 'export interface P { readonly p: 1 }',
  'services/x/postgres.ts': `import type { P } from './port.ts'; export const p: P = { p: 1 };`,
  'config/load.ts': 'export const load = 1;',
  'test/t.ts': `import { p } from '../services/x/postgres.ts'; export const t = p;`,
  'workers/main.ts': `import { act } from '../activities/act.ts'; export const W = act; export type W = typeof act;`,
  'workflows/flow.ts': `import type { act } from '../activities/act.ts'; import { sleep } from '@temporalio/workflow'; export const flow = (): typeof act | typeof sleep => sleep;`,
  'workflows/schema-type.ts': `import type { a } from '../contracts/a.schema.ts'; export type A = typeof a;`,
  'client/start.ts': `import type { flow } from '../workflows/flow.ts'; import { Client } from '@temporalio/client'; export const c: typeof flow | typeof Client = Client;`,
  'canvas/two.ts': `import { one } from './one.ts'; export const two: number = one;`,
  'canvas/type-two.ts': `import type { Three } from './type-one.ts'; export type Four = Three | 1;`,
};

describe('the import rules on a tree with seeded faults', () => {
  let root = '';
  let violations: readonly string[] = [];

  beforeAll(async () => {
    const parent = join(REPOSITORY, '.perennial/tmp');
    mkdirSync(parent, { recursive: true });
    root = mkdtempSync(join(parent, 'imports-'));
    const files = [
      ...Object.entries(INNOCENT),
      ...Object.entries(FAULTS).map(([path, { code }]) => [path, code] as const),
    ];
    for (const [path, code] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), code);
    }
    ({ violations } = await checkImports(root));
  });

  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  test.each(Object.entries(FAULTS))('catch the fault of %s', (path, { rule }) => {
    expect(violations.filter((line) => line.startsWith(`${rule}: ${path} `))).toHaveLength(1);
  });

  test('find nothing else', () => {
    const expected = new Set([...Object.keys(FAULTS), 'canvas/two.ts', 'canvas/type-two.ts']);
    expect(violations.filter((line) => !expected.has(line.split(' ')[1] ?? ''))).toEqual([]);
  });
});
