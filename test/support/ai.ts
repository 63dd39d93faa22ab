/** AI over a real database and the provider of the local stack on a socket, without workflows. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createAiActivities } from '../../activities/ai/index.ts';
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { createKeyRing } from '../../payloads/key-ring.ts';
import { createKeptAnswers } from '../../services/answers/postgres.ts';
import { createPostgresCache } from '../../services/cache/postgres.ts';
import { createLocalModels, type LocalModelsOptions, type ModelRequest } from '../../stack/inbox/ai/provider.ts';
import { aiPorts } from '../../workers/domains/ai.ts';
import { type ActivityRuns, activityRuns } from './activity-runs.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';

export const KEY = 'sk-test';
const keys = createKeyRing(`test:${randomBytes(32).toString('base64')}`, 'SEAL_KEYS');

/** A million tokens of question and answer cost 1 and 2, of vectors 0.1. */
export const PRICES = new Map([
  ['local-chat', { input: 1, output: 2 }],
  ['local-embed', { input: 0.1, output: 0 }],
]);

export interface AiWorld extends ActivityRuns {
  /** What the provider was asked. */
  readonly asked: ModelRequest[];
}

export interface AiSetUp {
  readonly script?: LocalModelsOptions['script'];
  readonly monthlyBudget?: number;
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
}

export interface AiTests {
  readonly test: TestDatabase;
  setUp(options?: AiSetUp): Promise<AiWorld>;
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

/** Call it at the top of a test file; everything is closed by itself. */
export function aiTests(): AiTests {
  const state: { test?: TestDatabase } = {};
  let calls = 0;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    state.test = await testDatabase();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
    await state.test?.db.query(
      'truncate ai_usage, ai_months, ai_budgets, ai_vectors, ai_texts, effect_answers, cache_entries',
    );
  });
  afterAll(() => state.test?.drop());
  const tests: AiTests = {
    get test() {
      if (state.test === undefined) throw new TypeError('expected a database, the tests have not begun');
      return state.test;
    },
    rows: async (sql, values) => (await tests.test.db.query<Record<string, unknown>>(sql, values)).rows,
    setUp: async ({ script, monthlyBudget, apiKey = KEY, baseUrl, timeoutMs = 5_000 } = {}) => {
      const { db } = tests.test;
      const asked: ModelRequest[] = [];
      const models = createLocalModels({
        apiKey: KEY,
        pauseMs: 0,
        script: (request) => {
          asked.push(request);
          return script?.(request);
        },
      });
      const server = createServer((request, response) => void models.answer(request, response));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo; // a listening TCP server has one
      const config = {
        apiKey,
        baseUrl: baseUrl ?? `http://127.0.0.1:${String(port)}/v1`,
        model: 'local-chat',
        embeddingModel: 'local-embed',
        prices: PRICES,
        monthlyBudget,
        cacheTtlSeconds: 60,
        timeoutMs,
      };
      const ports = aiPorts({ config, database: db, keys });
      closing.push(
        async () => {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
        () => ports.schemas.close(),
      );
      const stores = {
        once: createKeptAnswers(db, 'effect_answers'),
        cache: createPostgresCache({ database: db, maxBytes: BYTES_PER_MB }),
      };
      const runs = activityRuns((shell) => createAiActivities(ports, { ...shell, ...stores }));
      const run: AiWorld['run'] = async (task, input, attempt, workflowId = `call-${String((calls += 1))}`) =>
        unmarkedOutput(await runs.run(task, input, attempt, workflowId));
      return { ...runs, run, asked };
    },
  };
  return tests;
}
