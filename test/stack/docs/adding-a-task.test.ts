/** Follows docs/adding-a-task.md in a copy of the repository: writes the files that it shows, runs the commands that it gives. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { blocksOf } from '../../../scripts/docs/blocks.ts';
import { examplesOf } from '../../support/page.ts';
import { copyRepository, type RepositoryCopy } from '../../support/repository-copy.ts';

const PAGE = 'docs/adding-a-task.md';
const files = blocksOf(projectDir, PAGE).filter((block) => block.path !== undefined);
const examples = examplesOf(PAGE);
const calls = examples.filter(({ code }) => code.includes('perennial tasks call'));
const checks = examples.filter((example) => !calls.includes(example));

let copy: RepositoryCopy;

beforeAll(() => {
  copy = copyRepository();
});

afterAll(() => copy.remove());

describe(PAGE, () => {
  it('names three files: contract, activity and test', () => {
    expect(files.map((file) => file.path)).toEqual([
      'contracts/own/tasks.ts',
      'activities/own/index.ts',
      'test/unit/own/count-words.test.ts',
    ]);
    expect([checks.length, calls.length]).toEqual([1, 1]);
  });

  // In one test: each step needs the one before.
  it('is right: followed to the letter, the task compiles, passes its test and runs on the stack', async () => {
    copy.apply(files);
    for (const { code } of checks) await copy.outputOf(code);
    await copy.outputOf(
      'npm run -s docs && npx vitest run --project unit test/unit/contracts test/unit/queues test/unit/tasks',
    );
    expect(readFileSync(path.join(copy.folder, 'docs/tasks.md'), 'utf8')).toContain('`own.countWords`');

    await copy.start();
    for (const call of calls) await copy.expectShown(PAGE, call);
  });
});
