/** Follows docs/adding-a-domain.md in a copy of the repository: writes the files that it shows, adds its lines, runs its commands. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { additionsOf, blocksOf } from '../../../scripts/docs/blocks.ts';
import { examplesOf } from '../../support/page.ts';
import { copyRepository, type RepositoryCopy } from '../../support/repository-copy.ts';

const PAGE = 'docs/adding-a-domain.md';
const blocks = blocksOf(projectDir, PAGE);
const examples = examplesOf(PAGE);
const uses = examples.filter(({ code }) => code.includes('perennial sms'));
const checks = examples.filter((example) => !uses.includes(example));
const GENERATED = ['docs/tasks.md', 'docs/configuration.md', 'docs/coverage.md'];

let copy: RepositoryCopy;

beforeAll(() => {
  copy = copyRepository();
});

afterAll(() => copy.remove());

describe(PAGE, () => {
  it('changes at most eight files that are there, by one line each', () => {
    const changed = blocks.flatMap((block) => additionsOf(block)).map(({ file }) => file);
    expect(new Set(changed).size).toBe(changed.length);
    expect(changed.length).toBeLessThanOrEqual(8);
    expect([checks.length, uses.length]).toEqual([1, 1]);
  });

  // In one test: each step needs the one before.
  it('is right: followed to the letter, the domain compiles, passes the gates and its test, and runs on the stack', async () => {
    await copy.outputOf('git init -q && git add -A && git -c user.name=x -c user.email=x@example.com commit -qm copy');
    copy.apply(blocks);
    for (const { code } of checks) await copy.outputOf(code);
    await copy.outputOf(
      'npm run -s docs && npm run -s arch && npx vitest run --project unit test/unit/contracts test/unit/config',
    );
    const changed = (await copy.outputOf('git diff --name-only')).trim().split('\n');
    const listed = blocks.flatMap((block) => additionsOf(block)).map(({ file }) => file);
    expect(changed.filter((file) => !GENERATED.includes(file)).sort()).toEqual(listed.sort());
    expect(readFileSync(path.join(copy.folder, 'docs/tasks.md'), 'utf8')).toContain('`sms.send`');
    expect(readFileSync(path.join(copy.folder, 'docs/configuration.md'), 'utf8')).toContain('`SMS_FOLDER`');

    await copy.start();
    // Twice: the same key is the same message.
    for (const use of [...uses, ...uses]) await copy.expectShown(PAGE, use);
    const sent = path.join(copy.folder, '.perennial/sms');
    expect(readdirSync(sent).map((name) => readFileSync(path.join(sent, name), 'utf8'))).toEqual([
      'To: +4915112345678\n\nThe parcel is there.\n',
    ]);
  });
});
