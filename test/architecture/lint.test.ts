import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** Each file breaks one house rule. */
const FAULTS: Readonly<Record<string, { readonly code: string; readonly rule: string }>> = {
  'workflows/seeded-value.ts': {
    code: `import { createDocumentActivities } from '../activities/documents.ts';\nvoid createDocumentActivities;\n`,
    rule: '@typescript-eslint/no-restricted-imports',
  },
  'workflows/seeded-node.ts': {
    code: `import { readFileSync } from 'node:fs';\nvoid readFileSync;\n`,
    rule: '@typescript-eslint/no-restricted-imports',
  },
  'workflows/seeded-zod.ts': {
    code: `import { z } from 'zod';\nvoid z;\n`,
    rule: '@typescript-eslint/no-restricted-imports',
  },
  'workflows/seeded-state.ts': {
    code: `const seen = new Map<string, number>();\nvoid seen;\n`,
    rule: 'no-restricted-syntax',
  },
  'workflows/seeded-counter.ts': {
    code: `let count = 0;\ncount += 1;\nvoid count;\n`,
    rule: 'no-restricted-syntax',
  },
  'services/seeded-floating.ts': {
    code: `Promise.resolve(1);\n`,
    rule: '@typescript-eslint/no-floating-promises',
  },
  'workflows/seeded-lazy.ts': {
    code: `import { tasks } from './calls/tasks.ts';\ntasks.samples.add({ a: 1, b: 2 });\n`,
    rule: '@typescript-eslint/no-floating-promises',
  },
  'services/seeded-any.ts': {
    code: `/** For the test. */\nexport function f(x: any): void {\n  void x;\n}\n`,
    rule: '@typescript-eslint/no-explicit-any',
  },
  'services/seeded-default.ts': {
    code: `/** For the test. */\nexport default function f(): void {}\n`,
    rule: 'no-restricted-syntax',
  },
  'services/seeded-undocumented.ts': {
    code: `export interface Nothing {\n  readonly a: 1;\n}\n`,
    rule: 'jsdoc/require-jsdoc',
  },
  'services/seeded-typed-doc.ts': {
    code: `/**\n * For the test.\n * @param {string} x - text\n */\nexport function f(x: string): string {\n  return x;\n}\n`,
    rule: 'jsdoc/no-types',
  },
  'services/seeded-no-sentence.ts': {
    code: `/** @param x - text */\nexport function f(x: string): string {\n  return x;\n}\n`,
    rule: 'jsdoc/require-description',
  },
  'services/seeded-switch.ts': {
    code: `/** For the test. */\nexport function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
  'services/seeded-console.ts': { code: `console.log('x');\n`, rule: 'no-console' },
  'services/seeded-long.ts': { code: 'void 0;\n'.repeat(301), rule: 'max-lines' },
  'services/seeded-type-import.ts': {
    code: `import { FailureRule } from '../contracts/failures.ts';\n/** For the test. */\nexport type F = FailureRule;\n`,
    rule: '@typescript-eslint/consistent-type-imports',
  },
};

describe('the lint rules', () => {
  let eslint: ESLint;

  beforeAll(() => {
    // Type-aware rules need a program; files that are not on disk get one of their own.
    const projectService = {
      allowDefaultProject: ['workflows/seeded-*.ts', 'services/seeded-*.ts'],
      maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 20,
    };
    eslint = new ESLint({
      cwd: REPOSITORY,
      overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService } } },
    });
  });

  test.each(Object.entries(FAULTS))('catch the fault of %s', async (filePath, { code, rule }) => {
    const [result] = await eslint.lintText(code, { filePath: resolve(REPOSITORY, filePath) });
    expect(result!.messages.map(({ ruleId }) => ruleId)).toContain(rule);
  });

  test('look at every folder of the product', async () => {
    for (const folder of [
      'activities',
      'api',
      'application',
      'cli',
      'client',
      'config',
      'contracts',
      'define',
      'observability',
      'services',
      'stack',
      'testing',
      'workers',
      'workflows',
      'test',
      'scripts',
      'bench',
    ]) {
      expect(await eslint.isPathIgnored(resolve(REPOSITORY, folder, 'x.ts')), folder).toBe(false);
    }
  });
});
