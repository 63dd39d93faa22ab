/** The work that is asked for while things go wrong: tasks and pipelines, each with the effects that it must have. */
import { randomUUID } from 'node:crypto';
import type { PerennialClient } from '../../client/index.ts';
import type { Random } from '../../contracts/values/random.ts';

/** An effect by the place where it shows and its key there, such as `mail ada@example.com`. */
export type EffectKey = `${'counter' | 'note' | 'mail' | 'text' | 'user' | 'letter'} ${string}`;

/** One job. */
export interface Job {
  readonly kind: JobKind;
  /** Names the job, its effects and its request: a repeated request is the same job. */
  readonly key: string;
  /** What must be there once when it is over, unless it became a dead letter. */
  readonly effects: readonly EffectKey[];
}

/** A request to the API. */
export interface ApiRequest {
  readonly path: string;
  readonly body: object | FormData;
}

/** How a kind of job is asked for: over HTTP with an `Idempotency-Key`, or by the client with an id. */
type Asking =
  | { readonly request: (key: string, number: number) => ApiRequest }
  | { readonly start: (client: PerennialClient, key: string) => Promise<{ readonly id: string }> };

type Kind = Asking & { readonly effects: (key: string, number: number) => readonly EffectKey[] };

const MEMBERS = 8;
const RECIPIENTS = 10;
const ROWS = 200;

const range = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const addressOf = (key: string, n = 0): string => `${key}-${String(n)}@chaos.example.com`;
/** A mobile number of Germany, of its own for each job. */
const phoneOf = (number: number): string => `+49151${String(10_000_000 + number)}`;

const signature = (task: string, kwargs: object, more: object = {}): object => ({
  task,
  args: [],
  kwargs,
  options: {},
  subtask_type: null,
  immutable: true,
  ...more,
});
const composed = (kind: 'chain' | 'group', tasks: readonly object[]): object =>
  signature(`celery.${kind}`, { tasks }, { subtask_type: kind });

const counterTask = (key: string): object => signature('operations.incrementCounter', { counter: key, key });
const noteTask = (key: string): object => signature('operations.noteEffect', { key, work_ms: 50 });

function listOfUsers(key: string): FormData {
  const rows = range(ROWS, (n) => `${key}-${String(n)},${addressOf(key, n)},Name ${String(n)},UTC`);
  const form = new FormData();
  form.set('file', new Blob([['id,email,name,time_zone', ...rows, ''].join('\n')]), 'users.csv');
  return form;
}

const kinds = {
  /** A task whose effect adds up when it is repeated. */
  counter: {
    request: (key) => ({
      path: '/v1/tasks',
      body: { task: 'operations.incrementCounter', kwargs: { counter: key, key } },
    }),
    effects: (key) => [`counter ${key}`],
  },
  /** A task that is started past the API. */
  note: {
    start: (client, key) => client.task('operations.noteEffect').call({ key, work_ms: 200 }, { id: key }),
    effects: (key) => [`note ${key}`],
  },
  mail: {
    request: (key) => ({ path: '/v1/emails', body: { to: addressOf(key), subject: key, body: 'Hello' } }),
    effects: (key) => [`mail ${addressOf(key)}`],
  },
  text: {
    request: (key, number) => ({ path: '/v1/messages', body: { to: phoneOf(number), body: key } }),
    effects: (_key, number) => [`text ${phoneOf(number)}`],
  },
  canvas: {
    request: (key) => ({
      path: '/v1/canvas',
      body: {
        canvas: composed('chain', [
          counterTask(`${key}-first`),
          composed(
            'group',
            range(MEMBERS, (n) => noteTask(`${key}-${String(n)}`)),
          ),
          counterTask(`${key}-last`),
        ]),
      },
    }),
    effects: (key) => [
      `counter ${key}-first`,
      ...range(MEMBERS, (n): EffectKey => `note ${key}-${String(n)}`),
      `counter ${key}-last`,
    ],
  },
  bulk: {
    request: (key) => ({
      path: '/v1/emails/bulk',
      body: { recipients: range(RECIPIENTS, (n) => addressOf(key, n)), subject: key, body: '<p>Hello</p>' },
    }),
    effects: (key) => range(RECIPIENTS, (n): EffectKey => `mail ${addressOf(key, n)}`),
  },
  onboarding: {
    request: (key) => ({ path: '/v1/emails/onboarding', body: { userId: key, email: addressOf(key) } }),
    effects: (key) => [`user ${key}`, `mail ${addressOf(key)}`],
  },
  import: {
    request: (key) => ({ path: '/v1/imports/upload?schema=users', body: listOfUsers(key) }),
    effects: (key) => range(ROWS, (n): EffectKey => `user ${key}-${String(n)}`),
  },
  /** A task that fails for good: its effect is its dead letter. */
  doomed: {
    start: (client, key) => client.task('documents.extractInvoice').call({ documentId: randomUUID() }, { id: key }),
    effects: (key) => [`letter ${key}`],
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** A kind of job. */
export type JobKind = keyof typeof kinds;

/** How a kind of job is asked for. */
export const askingOf = (kind: JobKind): Asking => kinds[kind];

/** Makes the jobs of a run; each kind comes once before any comes again. */
export function planJobs(random: Random, count: number, name: string): readonly Job[] {
  const jobs: Job[] = [];
  let round: JobKind[] = [];
  for (let number = 0; number < count; number += 1) {
    if (round.length === 0) round = random.shuffled(Object.keys(kinds) as JobKind[]); // the keys of the table
    const kind = round.pop() ?? 'note';
    const key = `${name}-${String(number)}`;
    const { effects }: Kind = kinds[kind];
    jobs.push({ kind, key, effects: effects(key, number) });
  }
  return jobs;
}
