import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BUNDLE_LIMIT_BYTES, inspectBundle } from '../../scripts/check/bundled.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** A workflow module outside of git, inside the repository so that packages resolve. */
function seededWorkflow(code: string): string {
  const parent = join(REPOSITORY, '.perennial/tmp');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'bundle-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'index.ts');
  writeFileSync(path, code);
  return path;
}

test('the workflow bundle holds our workflows, stays small and has no foreign package in it', async () => {
  const { bytes, modules, problems } = await inspectBundle();
  expect(problems).toEqual([]);
  expect(modules).toContain('workflows/index.ts');
  expect(modules.length).toBeGreaterThan(5);
  expect(bytes).toBeLessThan(BUNDLE_LIMIT_BYTES);
});

test('the bundle gate catches a schema imported by value', async () => {
  const schema = join(REPOSITORY, 'contracts/documents/schema.ts');
  const path = seededWorkflow(`
    import { batchOcrInputSchema } from '${schema}';
    export async function seeded(input: unknown): Promise<unknown> { return batchOcrInputSchema.parse(input); }
  `);
  const { problems } = await inspectBundle(path);
  expect(problems).toContain('contracts/documents/schema.ts must not reach the sandbox');
  expect(problems.some((problem) => problem.includes('node_modules/zod/'))).toBe(true);
});

test('the bundle gate refuses a Node built-in', async () => {
  const path = seededWorkflow(`
    import { readFileSync } from 'node:fs';
    export async function seeded(): Promise<string> { return readFileSync('/etc/hostname', 'utf8'); }
  `);
  await expect(inspectBundle(path)).rejects.toThrow(/node:fs/);
});
