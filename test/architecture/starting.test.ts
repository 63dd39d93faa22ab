/** What processes do not load at their start: everything that only some of their runs need. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { needsOf } from '../../scripts/package/graph.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');

const modulesOf = (folder: string): readonly string[] =>
  readdirSync(path.join(REPOSITORY, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

/** What belongs to readings, drawings, mails and downloads, which a process does later or never. */
const LATER = ['@aws-sdk/client-s3', '@hyzyla/pdfium', 'nodemailer', 'pdfkit', 'postal-mime', 'stdnum', 'tesseract.js'];

/** The modules that a process loads at its start, also by a call, and packages that it must do without then. */
const starts: Readonly<Record<string, { readonly modules: readonly string[]; readonly without: readonly string[] }>> = {
  'perennial --help': {
    modules: ['cli/main.ts'],
    without: [...LATER, '@temporalio/client', '@temporalio/common', 'ora', 'pg', 'pino', 'tinyglobby', 'zod'],
  },
  'perennial tasks call': {
    modules: ['cli/main.ts', 'cli/connect.ts', 'cli/tasks/commands.ts'],
    without: [
      ...LATER,
      '@asteasolutions/zod-to-openapi',
      '@temporalio/worker',
      'express',
      'ora',
      'pg',
      'pino',
      'tinyglobby',
      'tsx',
    ],
  },
  'a worker': {
    modules: ['workers/main.ts', ...modulesOf('workers/domains')],
    without: [...LATER, '@asteasolutions/zod-to-openapi', 'commander', 'express'],
  },
  'the API': {
    modules: ['api/main.ts'],
    without: [...LATER, '@temporalio/worker', 'commander', 'csv-stringify', 'html-to-text'],
  },
};

describe('what is loaded at the start of', () => {
  it.each(Object.entries(starts))('%s', (_name, { modules, without }) => {
    const { packages } = needsOf(REPOSITORY, modules, { atStart: true });
    expect(packages.size, 'the graph of imports').toBeGreaterThan(1);
    const loaded = without.flatMap((name) => packages.get(name)?.map((module) => `${name} by ${module}`) ?? []);
    expect(loaded).toEqual([]);
  });

  it('names only packages that something loads', () => {
    const all = Object.values(starts).flatMap(({ modules }) => [
      ...needsOf(REPOSITORY, [...modules, 'stack/start.ts', 'stack/inbox/main.ts']).packages.keys(),
    ]);
    const named = new Set(Object.values(starts).flatMap(({ without }) => without));
    expect([...named].filter((name) => !all.includes(name))).toEqual([]);
  });
});
