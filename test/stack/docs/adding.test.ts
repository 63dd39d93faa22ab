/** Follows docs/adding-a-domain.md in a copy of the repository: writes the files, adds the lines, runs the commands. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { additionsOf, blocksOf } from '../../../scripts/docs/blocks.ts';
import { examplesOf } from '../../support/docs/page.ts';
import { copyRepository, type RepositoryCopy } from '../../support/docs/repository-copy.ts';

const DOMAIN = 'docs/adding-a-domain.md';
const GENERATED = ['docs/tasks.md', 'docs/retries.md', 'docs/configuration.md', 'docs/coverage.md'];

const domainBlocks = blocksOf(projectDir, DOMAIN);
const domainLines = domainBlocks.flatMap((block) => additionsOf(block)).map(({ file }) => file);
const examples = examplesOf(DOMAIN);
/** Commands that use the domain on a running stack; the others check what was written. */
const uses = examples.filter(({ code }) => code.includes('perennial sms'));
const checks = examples.filter((example) => !uses.includes(example));

let copy: RepositoryCopy;

beforeAll(async () => {
  copy = await copyRepository();
});

afterAll(() => copy.remove());

/** Names of the files that git sees as changed or new. */
async function changedFiles(): Promise<readonly string[]> {
  return (await copy.outputOf('git status --porcelain --untracked-files=all'))
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(3));
}

describe(DOMAIN, () => {
  it('changes at most eight files that are there, by one line each', () => {
    expect(new Set(domainLines).size).toBe(domainLines.length);
    expect(domainLines.length).toBeLessThanOrEqual(8);
    expect([checks.length, uses.length]).toEqual([1, 1]);
  });

  // In one test: each step needs the one before.
  it('is right: followed to the letter, the domain compiles, passes the gates and its tests, and runs on the stack', async () => {
    await copy.outputOf('git init -q && git add -A && git -c user.name=x -c user.email=x@example.com commit -qm copy');
    copy.apply(domainBlocks);
    for (const { code } of checks) await copy.outputOf(code);
    await copy.outputOf(
      'npm run -s docs && npm run -s arch && npx vitest run --project unit test/unit/contracts test/unit/config test/unit/queues test/unit/tasks',
    );
    const written = domainBlocks.flatMap(({ path: file }) => file ?? []);
    const changed = (await changedFiles()).filter((file) => !GENERATED.includes(file));
    expect(changed.sort()).toEqual([...new Set([...domainLines, ...written])].sort());
    expect(readFileSync(path.join(copy.folder, 'docs/tasks.md'), 'utf8')).toContain('`sms.send`');
    expect(readFileSync(path.join(copy.folder, 'docs/configuration.md'), 'utf8')).toContain('`SMS_FOLDER`');

    await copy.start();
    // Twice: the same key is the same message.
    for (const use of [...uses, ...uses]) await copy.expectShown(DOMAIN, use);
    const sent = path.join(copy.folder, '.perennial/sms');
    expect(readdirSync(sent).map((name) => readFileSync(path.join(sent, name), 'utf8'))).toEqual([
      'To: +4915112345678\n\nThe parcel is there.\n',
    ]);
  });
});
