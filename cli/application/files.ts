/** The files of a first application. */
import type { RunningFleet } from './compose.ts';
import { DOCKERFILE, DOCKERIGNORE } from './image.ts';
import type { Product } from './product.ts';
import { README } from './readme.ts';

/** What `package.json` needs. */
export interface PackageFields {
  readonly name: string;
  readonly private: true;
  readonly type: 'module';
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The name that applications import the product by. */
const PACKAGE = '@perennialjs/perennial';

/** Returns the fields of `package.json`: the product, what its processes need, and tools. */
export function packageFields(folderName: string, { version, running, tools }: Product): PackageFields {
  return {
    name: folderName.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-') || 'application',
    private: true,
    type: 'module',
    scripts: {
      dev: 'perennial dev',
      build: 'perennial build',
      worker: 'perennial worker',
      api: 'perennial api',
      typecheck: 'tsc --noEmit',
      test: 'node --import tsx --test tasks/*.test.ts',
    },
    dependencies: { [PACKAGE]: `^${version}`, zod: '^4', tsx: '^4', ...running },
    devDependencies: { '@types/node': '^20', typescript: '^6', ...tools },
  };
}

/** Fleets of the first configuration. */
export const FIRST_FLEETS: readonly RunningFleet[] = [{ fleet: 'texts', processes: 1 }];

/** The files by name, without `compose.yaml`, which names the fleets of the application. */
export const FILES: Readonly<Record<string, string>> = {
  'perennial.config.ts': `import { defineConfig } from '@perennialjs/perennial';

export default defineConfig({
  // Modules are found in tasks/, workflows/, canvases/ and schedules/.
  queues: { 'text.work': { slots: 10, purpose: 'short work on texts' } },
  // In production, processes of their own serve these queues: perennial worker --fleet texts
  fleets: { texts: { queues: ['text.work'], processes: 1, purpose: 'work on texts' } },
});
`,
  'tasks/texts.ts': `import { z } from 'zod';
import { defineTask } from '@perennialjs/perennial';

export const countWords = defineTask(
  {
    name: 'text.countWords',
    purpose: 'Counts the words of a text.',
    queue: 'text.work',
    parameters: ['text'],
    input: z.strictObject({ text: z.string().max(100_000) }),
    output: z.int(),
  },
  ({ text }, { log }) => {
    log.info('counting', { characters: text.length });
    return text.split(/\\s+/).filter((word) => word !== '').length;
  },
);

export const total = defineTask(
  {
    name: 'text.total',
    purpose: 'Adds counts.',
    queue: 'text.work',
    parameters: ['counts'],
    input: z.strictObject({ counts: z.array(z.int()) }),
    output: z.int(),
  },
  ({ counts }) => counts.reduce((sum, count) => sum + count, 0),
);
`,
  'tasks/texts.test.ts': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chord, task } from '@perennialjs/perennial/canvas';
import { runCanvas, runTask } from '@perennialjs/perennial/testing';
import * as texts from './texts.ts';

test('words are counted, with the checks of a worker', async () => {
  assert.equal(await runTask(texts.countWords, { text: ' one two ' }), 2);
  const wrong = { text: 3 } as unknown as { text: string };
  await assert.rejects(runTask(texts.countWords, wrong), { type: 'InvalidInput' });
});

test('a chord adds the counts of several texts', async () => {
  const counts = ['a', 'b c'].map((text) => task(texts.countWords).si({ text }));
  assert.equal(await runCanvas(chord(counts, task(texts.total).into('counts', {})), texts), 3);
});
`,
  'workflows/count-both.ts': `import { group, proxyTasks } from '@perennialjs/perennial/workflow';
import type * as texts from '../tasks/texts.ts';

const call = proxyTasks<typeof texts>();

/** A workflow by hand: it may hold conditions and loops, and goes on after a crash of its worker. */
export async function countBoth(one: string, two: string): Promise<number> {
  const counts = await group([one, two].map((text) => call('text.countWords', { text })));
  return call('text.total', { counts });
}
`,
  'canvases/totals.ts': `import { z } from 'zod';
import { defineCanvas } from '@perennialjs/perennial';
import { chord, task } from '@perennialjs/perennial/canvas';
import { countWords, total } from '../tasks/texts.ts';

/** Started by its name: npx perennial canvas start text.totalOf --input '{"texts": ["one two", "three"]}' --wait */
export const totalOf = defineCanvas({
  name: 'text.totalOf',
  purpose: 'Counts the words of several texts.',
  input: z.strictObject({ texts: z.array(z.string()).min(1) }),
  build: ({ texts }) => chord(texts.map((text) => task(countWords).si({ text })), task(total).into('counts', {})),
});
`,
  'schedules/nightly.ts': `import { defineSchedule } from '@perennialjs/perennial';

export const nightly = defineSchedule({
  id: 'nightly-count',
  purpose: 'Counts the words of the night.',
  timing: { cron: '0 3 * * *' },
  target: { task: 'text.countWords', input: { text: 'as the night falls' } },
});
`,
  'call.ts': `/** Calls a task and a chord; run it with \`npx tsx call.ts\` while \`npx perennial dev\` runs. */
import { chord, task } from '@perennialjs/perennial/canvas';
import { connectPerennial } from '@perennialjs/perennial/client';
import * as texts from './tasks/texts.ts';

const perennial = await connectPerennial({
  address: process.env['TEMPORAL_ADDRESS'] ?? 'localhost:7233',
  tasks: texts,
});

const one = await perennial.task(texts.countWords).call({ text: 'one two three' });
console.log('words', await one.result());

const counts = ['to be', 'or not', 'to be'].map((text) => task(texts.countWords).si({ text }));
const run = await perennial.canvas.run(chord(counts, task(texts.total).into('counts', {})));
console.log('total', await run.result());

await perennial.close();
`,
  'tsconfig.json': `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true,
    "allowImportingTsExtensions": true,
    "verbatimModuleSyntax": true,
    "types": ["node"]
  },
  "exclude": ["node_modules", ".perennial", "dist"]
}
`,
  '.env.example': `# What compose.yaml takes from .env. Letters and digits in passwords, which become parts of URLs: openssl rand -hex 24
POSTGRES_PASSWORD=
TEMPORAL_POSTGRES_PASSWORD=
# What clients of the API send, and what administrators send in its place; at least 16 characters each.
API_KEY=
ADMIN_API_KEY=
# Seals tokens and addresses in histories: main:KEY with a KEY from "openssl rand -base64 32". Whoever loses it loses what
# was sealed.
SEAL_KEYS=
# Keys of the same form that encrypt everything on the Temporal server; empty: all else stays readable there.
PAYLOAD_KEYS=

# Processes that run without compose.yaml find their servers by these:
# TEMPORAL_ADDRESS=localhost:7233
# DATABASE_URL=postgres://user:password@localhost:5432/application
`,
  Dockerfile: DOCKERFILE,
  '.dockerignore': DOCKERIGNORE,
  'README.md': README,
  '.gitignore': `node_modules
.perennial
dist
.env
`,
};
