import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bundled, keptBundle } from '../../../workers/bundle-cache.ts';

let folder: string;
let made: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kept-'));
  made = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const source = (): string => path.join(folder, 'a.ts');

function bundle(): Promise<Bundled> {
  made += 1;
  return Promise.resolve({ code: `code ${String(made)}`, files: [source()] });
}

const kept = (): Promise<string> => keptBundle(path.join(folder, 'kept.json'), bundle);

it('is made once for the same files, and anew for changed ones', async () => {
  await writeFile(source(), 'one');
  expect(await kept()).toBe('code 1');
  expect(await kept()).toBe('code 1');
  await writeFile(source(), 'two');
  expect(await kept()).toBe('code 2');
  expect(await kept()).toBe('code 2');
});

it('is made anew when a file is gone, or what is kept was cut off', async () => {
  await writeFile(source(), 'one');
  await kept();
  await writeFile(path.join(folder, 'kept.json'), '{"hash":');
  expect(await kept()).toBe('code 2');
  await rm(source());
  expect(await kept()).toBe('code 3');
  expect(await kept()).toBe('code 4');
});
