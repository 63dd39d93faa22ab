/** Follows docs/plug-ins.md in an empty folder: writes the files that it shows and runs its commands. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { blocksOf } from '../../../scripts/docs/blocks.ts';
import { installProduct } from '../../support/application/installed.ts';
import { examplesOf } from '../../support/docs/page.ts';
import { expectShown, outputIn } from '../../support/docs/shell.ts';

const PAGE = 'docs/plug-ins.md';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-plug-ins-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  await installProduct(folder);
  for (const { path: file, code } of blocksOf(projectDir, PAGE))
    if (file !== undefined) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), code);
    }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe(PAGE, () => {
  it('shows what its commands print', async () => {
    const examples = examplesOf(PAGE);
    expect(examples.map(({ code }) => code.trim())).toEqual(['npx perennial check', 'npx vitest run']);
    for (const example of examples) expectShown(PAGE, example, await outputIn(folder, example.code, { NO_COLOR: '1' }));
  });

  it('is followed by a worker that does not start without its settings', async () => {
    const started = outputIn(folder, 'npx perennial worker', { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
    await expect(started).rejects.toThrow('STOCK_URL: expected text. It must be set.');
  });
});
