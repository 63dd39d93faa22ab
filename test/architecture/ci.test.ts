import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { inTurns, LAYERS, LONGEST } from '../../scripts/check/sequencer.ts';
import { closingLine, slowestFiles } from '../../scripts/check/summary-reporter.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** What a stand-in for npm prints and returns. */
interface Npm {
  readonly check: number;
  readonly tests: number;
  readonly output: string;
}

function runCi({ check, tests, output }: Npm): { readonly last: string; readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-ci-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const script = `#!/bin/sh\nif [ "$1" = test ]; then printf '${output}'; exit ${tests}; fi\nexit ${check}\n`;
  writeFileSync(join(folder, 'npm'), script);
  chmodSync(join(folder, 'npm'), 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  const { stdout, status } = spawnSync(join(REPOSITORY, '.ci/run'), { env, encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1) ?? '', status };
}

test.each([
  ['all is well', { check: 0, tests: 0, output: 'noise\\n12 passed, 0 failed\\n' }, '12 passed, 0 failed', 0],
  ['tests were skipped', { check: 0, tests: 0, output: '12 passed, 0 failed, 3 skipped\\n' }, '12 passed, 0 failed', 0],
  ['a test failed', { check: 0, tests: 1, output: '11 passed, 1 failed\\n' }, '11 passed, 1 failed', 1],
  ['a gate failed', { check: 1, tests: 0, output: '12 passed, 0 failed\\n' }, '12 passed, 1 failed', 1],
  [
    'the run broke without a failed test',
    { check: 0, tests: 7, output: '12 passed, 0 failed\\n' },
    '12 passed, 1 failed',
    1,
  ],
  ['nothing ran', { check: 0, tests: 0, output: 'noise\\n' }, '0 passed, 1 failed', 1],
  [
    'only the last count is taken',
    { check: 0, tests: 0, output: '1 passed, 9 failed\\nx\\n5 passed, 0 failed\\n' },
    '5 passed, 0 failed',
    0,
  ],
] as const)('.ci/run, when %s, says so in its last line and its exit code', (_name, npm, line, code) => {
  const { last, status } = runCi(npm);
  expect({ last, status: status === 0 ? 0 : 1 }).toEqual({ last: line, status: code });
});

test('the closing line mentions skipped tests only where there are some', () => {
  expect(closingLine({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
  expect(closingLine({ passed: 2, failed: 1, skipped: 3 })).toBe('2 passed, 1 failed, 3 skipped');
});

test('files that compute and files that wait begin in turns, and none is left out', () => {
  expect(inTurns([[1, 2, 3], [4], []])).toEqual([1, 4, 2, 3]);
  expect(inTurns([])).toEqual([]);
});

test('a run names its ten slowest files, slowest first', () => {
  const times = Array.from({ length: 12 }, (_, n) => ({ project: 'unit', file: `f${n}.test.ts`, ms: n * 1000 }));
  const lines = slowestFiles(times).split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[1]).toMatch(/^ +11\.0 s {2}unit +f11\.test\.ts$/);
  expect(lines.at(-1)).toContain('f2.test.ts');
});

test('every gate that npm run check names is a script', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')));
  const list = /GATES = \[([^\]]+)\]/.exec(readFileSync(join(REPOSITORY, 'scripts/check/all.ts'), 'utf8'))?.[1] ?? '';
  const gates = [...list.matchAll(/'([^']+)'/g)].map(([, gate]) => gate!);
  expect(gates.length).toBeGreaterThan(5);
  for (const gate of gates) expect(Object.keys(scripts)).toContain(gate);
});

test('the order of files knows each layer, and each of the longest files is there', () => {
  const folders = readdirSync(join(REPOSITORY, 'test'), { recursive: true, encoding: 'utf8' });
  const layers = folders.flatMap((file) => (file.endsWith('.test.ts') ? [file.split('/')[0]] : []));
  expect([...new Set(layers)].sort()).toEqual([...LAYERS].sort());
  expect(LONGEST.filter((name) => !folders.includes(`${name}.test.ts`))).toEqual([]);
});
