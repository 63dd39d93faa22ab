/**
 * Follows docs/adding-a-task.md and docs/adding-a-domain.md in one copy of the repository: writes the files that they
 * show, adds their lines, runs their commands. One copy, because compiling the repository takes most of the time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { additionsOf, blocksOf } from '../../../scripts/docs/blocks.ts';
import { examplesOf } from '../../support/docs/page.ts';
import { copyRepository, type RepositoryCopy } from '../../support/docs/repository-copy.ts';

const TASK = 'docs/adding-a-task.md';
const DOMAIN = 'docs/adding-a-domain.md';
const GENERATED = ['docs/tasks.md', 'docs/configuration.md', 'docs/coverage.md'];

const taskFiles = blocksOf(projectDir, TASK).filter((block) => block.path !== undefined);
const domainBlocks = blocksOf(projectDir, DOMAIN);
const domainLines = domainBlocks.flatMap((block) => additionsOf(block)).map(({ file }) => file);
const task = commandsOf(TASK, 'perennial tasks call');
const domain = commandsOf(DOMAIN, 'perennial sms');

/** The commands of a page: those that check what was written, and those that use it on a running stack. */
function commandsOf(page: string, use: string) {
  const examples = examplesOf(page);
  const uses = examples.filter(({ code }) => code.includes(use));
  return { checks: examples.filter((example) => !uses.includes(example)), uses };
}

let copy: RepositoryCopy;

beforeAll(() => {
  copy = copyRepository();
});

afterAll(() => copy.remove());

/** Names of the files that git sees as changed or new. */
async function changedFiles(): Promise<readonly string[]> {
  return (await copy.outputOf('git status --porcelain --untracked-files=all'))
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(3));
}

describe('docs/adding-a-*.md', () => {
  it('adding a task names three files: contract, activity and test', () => {
    expect(taskFiles.map((file) => file.path)).toEqual([
      'contracts/own/tasks.ts',
      'activities/own/index.ts',
      'test/unit/own/count-words.test.ts',
    ]);
    expect([task.checks.length, task.uses.length]).toEqual([1, 1]);
  });

  it('adding a domain changes at most eight files that are there, by one line each', () => {
    expect(new Set(domainLines).size).toBe(domainLines.length);
    expect(domainLines.length).toBeLessThanOrEqual(8);
    expect([domain.checks.length, domain.uses.length]).toEqual([1, 1]);
  });

  // In one test: each step needs the one before.
  it('are right: followed to the letter, task and domain compile, pass the gates and their tests, and run on the stack', async () => {
    await copy.outputOf('git init -q && git add -A && git -c user.name=x -c user.email=x@example.com commit -qm copy');
    copy.apply([...taskFiles, ...domainBlocks]);
    const checks = [...task.checks, ...domain.checks].flatMap(({ code }) => code.trim().split('\n'));
    for (const command of new Set(checks)) await copy.outputOf(command);
    await copy.outputOf(
      'npm run -s docs && npm run -s arch && npx vitest run --project unit test/unit/contracts test/unit/config test/unit/queues test/unit/tasks',
    );
    const written = [...taskFiles, ...domainBlocks].flatMap(({ path: file }) => file ?? []);
    const changed = (await changedFiles()).filter((file) => !GENERATED.includes(file));
    expect(changed.sort()).toEqual([...new Set([...domainLines, ...written])].sort());
    expect(readFileSync(path.join(copy.folder, 'docs/tasks.md'), 'utf8')).toContain('`own.countWords`');
    expect(readFileSync(path.join(copy.folder, 'docs/tasks.md'), 'utf8')).toContain('`sms.send`');
    expect(readFileSync(path.join(copy.folder, 'docs/configuration.md'), 'utf8')).toContain('`SMS_FOLDER`');

    await copy.start();
    for (const use of task.uses) await copy.expectShown(TASK, use);
    // Twice: the same key is the same message.
    for (const use of [...domain.uses, ...domain.uses]) await copy.expectShown(DOMAIN, use);
    const sent = path.join(copy.folder, '.perennial/sms');
    expect(readdirSync(sent).map((name) => readFileSync(path.join(sent, name), 'utf8'))).toEqual([
      'To: +4915112345678\n\nThe parcel is there.\n',
    ]);
  });
});
