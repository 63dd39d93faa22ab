/** What tests of sending share: a database for the file, a server and a worker's activities for each test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { emailWorld, type EmailWorld, type EmailWorldOptions } from './email.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';
import { type SmtpScript, startTestSmtp, type TestSmtp } from './servers/smtp.ts';

export interface EmailTests {
  readonly test: TestDatabase;
  /** Folder whose files may be attached. */
  readonly folder: string;
  setUp(script?: SmtpScript, options?: Partial<EmailWorldOptions>): Promise<{ smtp: TestSmtp; world: EmailWorld }>;
  ledgerRow(key: string): Promise<Record<string, unknown> | undefined>;
}

/** Call it at the top of a test file; everything is closed by itself. */
export function emailTests(): EmailTests {
  const state: { test?: TestDatabase; folder: string } = { folder: '' };
  const open: { smtp: TestSmtp[]; worlds: EmailWorld[] } = { smtp: [], worlds: [] };
  beforeAll(async () => {
    state.test = await testDatabase();
    state.folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-mail-'));
  });
  afterEach(async () => {
    await Promise.all(open.worlds.splice(0).map((world) => world.close()));
    await Promise.all(open.smtp.splice(0).map((smtp) => smtp.stop()));
  });
  afterAll(async () => {
    await state.test?.drop();
    await rm(state.folder, { recursive: true, force: true });
  });
  const tests: EmailTests = {
    get test() {
      if (state.test === undefined) throw new TypeError('expected a database, the tests have not begun');
      return state.test;
    },
    get folder() {
      return state.folder;
    },
    setUp: async (script = {}, options = {}) => {
      const smtp = await startTestSmtp(script);
      const world = emailWorld({ database: tests.test.db, url: smtp.url, roots: [state.folder], ...options });
      open.smtp.push(smtp);
      open.worlds.push(world);
      return { smtp, world };
    },
    ledgerRow: async (key) => {
      const { rows } = await tests.test.db.query<Record<string, unknown>>(
        'select * from email_messages where message_key = $1',
        [key],
      );
      return rows[0];
    },
  };
  return tests;
}

let keys = 0;
/** The input of `email.send`, each with a key of its own. */
export const message = (fields: object = {}): { messageKey: string; to: string; subject: string; body: string } => ({
  messageKey: `key-${String((keys += 1))}`,
  to: 'ann@example.com',
  subject: 'Hello',
  body: 'Good morning.',
  ...fields,
});

/** The failure that a task ends with. */
export async function failureOf(work: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await work.then(
    () => undefined,
    (rejection: unknown) => rejection,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new TypeError(`expected a failure of the registry, got ${String(error)}`, { cause: error });
}
