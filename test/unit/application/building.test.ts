/** The modules of an application as `perennial build` compiles them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtApplication, removeBuilt } from '../../../application/built.ts';
import { compileModules } from '../../../application/compile.ts';
import { copyRead } from '../../../application/copy.ts';
import { nearestApplication, productVersion } from '../../../config/project.ts';
import { applicationFolder, type ApplicationFolder } from '../../support/application/folder.ts';

let folder: ApplicationFolder;
beforeEach(async () => {
  folder = await applicationFolder();
});
afterEach(() => folder.remove());

const built = (name: string): string => path.join(folder.path, 'dist', name);

describe('compiled modules', () => {
  it('stand each in a file of its own, and find what they import and what lies beside them', async () => {
    await folder.write({
      'tasks/texts.ts': `
import { words } from '../common/words.ts';
import { twice } from '../common/twice.js';
import { pair } from '../common/pair';
import sizes from '../common/sizes.json';
export const found: unknown[] = [words, twice(2), pair, sizes.small, new URL(import.meta.url).pathname];
export const later = async (): Promise<unknown> => (await import('../common/words.ts')).words;
`,
      'tasks/others.ts': `export { words } from '../common/words.ts';`,
      'common/words.ts': `export const words = ['one'];`,
      'common/twice.ts': `export const twice = (n: number): number => 2 * n;`,
      'common/pair/index.ts': `export enum Pair { Left }\nexport const pair = Pair[0];`,
      'common/sizes.json': `{ "small": 1 }`,
    });
    await folder.write({ 'dist/package.json': '{ "type": "module" }' });
    await compileModules(folder.path, ['tasks/texts.ts', 'tasks/others.ts'], path.join(folder.path, 'dist'));
    const texts = (await import(pathToFileURL(built('tasks/texts.js')).href)) as {
      found: unknown[];
      later: () => Promise<unknown>;
    };
    expect(texts.found).toEqual([['one'], 4, 'Left', 1, built('tasks/texts.js')]);
    const others = (await import(pathToFileURL(built('tasks/others.js')).href)) as { words: unknown };
    expect(others.words).toBe(texts.found[0]);
    expect(await texts.later()).toBe(texts.found[0]);
    expect(await readFile(built('tasks/texts.js'), 'utf8')).not.toContain('2 * n');
  });

  it('have the files beside them that they read, and further ones; manifests, tests and secrets stay where they are', async () => {
    await folder.write({
      'shop.ts': `export { greet } from './tasks/greet.ts';`,
      'tasks/greet.ts': `
import { readFileSync } from 'node:fs';
const text = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
export const greet = (): string => text('./templates/en/hello [1].hbs') + text('../sql/people.sql') + text('./words.json');
`,
      'tasks/templates/en/hello [1].hbs': 'Hello ',
      'tasks/words.json': '"!"',
      'tasks/other.ts': 'export {};',
      'tasks/greet.test.json': '{}',
      'tasks/.secret': 'x',
      'sql/people.sql': 'select 1',
      'package.json': '{ "type": "module" }',
      'notes.txt': 'x',
    });
    await folder.write({ 'dist/package.json': '{ "type": "module" }' });
    const target = path.join(folder.path, 'dist');
    const modules = await compileModules(folder.path, ['shop.ts'], target);
    expect(modules).toEqual(['shop.ts', 'tasks/greet.ts']);
    const copied = await copyRead(folder.path, { modules, further: ['sql/people.sql', 'tasks/other.ts'], target });
    expect(copied.toSorted()).toEqual(['sql/people.sql', 'tasks/templates/en/hello [1].hbs', 'tasks/words.json']);
    const { greet } = (await import(pathToFileURL(built('shop.js')).href)) as { greet: () => string };
    expect(greet()).toBe('Hello select 1"!"');
    const files = await readdir(target, { recursive: true, withFileTypes: true });
    expect(files.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).toSorted()).toEqual([
      'greet.js',
      'hello [1].hbs',
      'package.json',
      'people.sql',
      'shop.js',
      'words.json',
    ]);
  });

  it('are refused with every place that is wrong', async () => {
    await folder.write({
      'tasks/a.ts': 'export const = 1;',
      'tasks/b.ts': `\nimport { x } from './none.ts';\nexport { x };`,
    });
    const compiled = compileModules(folder.path, ['tasks/a.ts', 'tasks/b.ts'], path.join(folder.path, 'dist'));
    await expect(compiled).rejects.toThrow(
      /tasks\/a\.ts:1: expected a module that can be compiled(.|\n)*tasks\/b\.ts:2: .*none/,
    );
  });
});

describe('a built application', () => {
  const manifest = (version: string): string =>
    JSON.stringify({ version, files: { config: 'perennial.config.js' }, bundle: 'workflow-bundle.js', written: [] });

  it('is run in production, and where there are no sources', async () => {
    await folder.write({ 'dist/perennial.json': manifest(productVersion) });
    expect(nearestApplication(path.join(folder.path, 'dist'))).toBe(folder.path);
    expect(builtApplication(folder.path, 'development')).toMatchObject({ folder: path.join(folder.path, 'dist') });
    await folder.write({ 'perennial.config.ts': '' });
    expect(builtApplication(folder.path, 'development')).toBeUndefined();
    expect(builtApplication(folder.path, 'production')).toMatchObject({ bundle: 'workflow-bundle.js' });
  });

  it('is removed with what it wrote, by a build of any version, and without what somebody else put there', async () => {
    const written = ['tasks/old.js', 'tasks/mine/old.sql', 'tasks/none.js', 'old/deep/a.txt', '../kept.txt', '/kept'];
    await folder.write({
      'dist/perennial.json': JSON.stringify({ version: '0.0.1', written }),
      'dist/tasks/old.js': '',
      'dist/tasks/mine/old.sql': '',
      'dist/tasks/mine/own.sql': '',
      'dist/old/deep/a.txt': '',
      'kept.txt': '',
    });
    await removeBuilt(folder.path);
    await folder.write({ 'dist/perennial.json': '{ "written": ["tasks/mi' });
    for (let time = 0; time < 2; time += 1) await removeBuilt(folder.path); // the second has nothing to remove
    const left = await readdir(built(''), { recursive: true });
    expect(left.toSorted()).toEqual(['tasks', 'tasks/mine', 'tasks/mine/own.sql']);
    expect(await readFile(path.join(folder.path, 'kept.txt'), 'utf8')).toBe('');
  });

  it('is refused by another version', async () => {
    await folder.write({ 'dist/perennial.json': manifest('0.0.1') });
    expect(() => builtApplication(folder.path, 'production')).toThrow(
      `expected an application built with version ${productVersion} of Perennial, got 0.0.1. Build it again with \`perennial build\`.`,
    );
  });
});
