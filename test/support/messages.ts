/** Text messages over a real database and a real provider on a socket, without workflows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createQueueMonitor } from '../../activities/housekeeping/queue-monitor.ts';
import { createMessageActivities } from '../../activities/messages/index.ts';
import { createOrchestrator } from '../../services/messages/orchestrator.ts';
import type { QueueMonitor } from '../../services/housekeeping/port.ts';
import type { Contacts } from '../../services/messages/port.ts';
import { createDigestSource } from '../../services/email/digest.ts';
import { createMailer, type SmtpMailer } from '../../services/email/mailer.ts';
import { createContacts } from '../../services/messages/contacts.ts';
import { parseNumber } from '../../services/messages/numbers.ts';
import { createEngagementStore } from '../../services/messages/engagement.ts';
import { createPersonEraser } from '../../services/messages/erasing.ts';
import { createMessageNews } from '../../services/messages/news.ts';
import { createUnsettled } from '../../services/messages/unsettled.ts';
import { createTexter } from '../../services/messages/texter.ts';
import { createTwilio, type TwilioOptions } from '../../services/messages/twilio.ts';
import type { TextProviderOptions } from '../../stack/inbox/texts/provider.ts';
import { type ActivityRuns, activityRuns } from './activity-runs.ts';
import { ACCOUNT, startTestTexts, type TestTexts } from './inbox-texts.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';

export interface MessageWorld extends ActivityRuns {
  readonly inbox: TestTexts;
  readonly contacts: Contacts;
  readonly mailer: SmtpMailer;
}

export interface MessageOptions extends Partial<TwilioOptions> {
  readonly smtpUrl?: string;
  readonly now?: () => Date;
  readonly retryDelayScale?: number;
  /** Takes the place of what asks the server. */
  readonly queues?: QueueMonitor;
  readonly hasOrchestrator?: boolean;
  /** Takes the place of what notes messages in the database. */
  readonly note?: Contacts['note'];
}

/** An hour at which nobody in Europe sleeps. */
const NOON = new Date('2026-06-15T12:00:00Z');

export interface MessageTests {
  readonly test: TestDatabase;
  setUp(script?: TextProviderOptions['script'], options?: MessageOptions): Promise<MessageWorld>;
  ledgerRow(key: string): Promise<Record<string, unknown> | undefined>;
}

/** Call it at the top of a test file; everything is closed by itself. */
export function messageTests(): MessageTests {
  const state: { test?: TestDatabase } = {};
  const open: { inboxes: TestTexts[]; folders: string[]; worlds: MessageWorld[] } = {
    inboxes: [],
    folders: [],
    worlds: [],
  };
  beforeAll(async () => {
    state.test = await testDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.worlds.splice(0).map((world) => world.mailer.close()));
    await Promise.all(open.inboxes.splice(0).map((inbox) => inbox.stop()));
    await Promise.all(open.folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });
  afterAll(async () => {
    await state.test?.drop();
  });
  const tests: MessageTests = {
    get test() {
      if (state.test === undefined) throw new TypeError('expected a database, the tests have not begun');
      return state.test;
    },
    setUp: async (script, options = {}) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-texts-'));
      const inbox = await startTestTexts(folder, script);
      open.inboxes.push(inbox);
      open.folders.push(folder);
      const world = worldOf(tests.test, inbox, options);
      open.worlds.push(world);
      return world;
    },
    ledgerRow: async (key) => {
      const { rows } = await tests.test.db.query<Record<string, unknown>>(
        'select * from text_messages where message_key = $1',
        [key],
      );
      return rows[0];
    },
  };
  return tests;
}

function worldOf({ db }: TestDatabase, inbox: TestTexts, options: MessageOptions): MessageWorld {
  const provider = createTwilio({
    accountSid: ACCOUNT.sid,
    authToken: ACCOUNT.token,
    apiUrl: inbox.url,
    from: '+15005550006',
    callbackUrl: undefined,
    connections: 5,
    timeoutMs: 5_000,
    ...options,
  });
  const texter = createTexter({ database: db, provider, segmentCost: 0.0079 });
  const stored = createContacts(db);
  const contacts: Contacts = { ...stored, note: options.note ?? stored.note };
  const mailer = createMailer({
    url: options.smtpUrl,
    connections: 2,
    timeoutMs: 5_000,
    database: db,
    from: 'noreply@example.com',
    adminEmail: 'admin@example.com',
    attachments: () => Promise.resolve([]),
  });
  const orchestrator = createOrchestrator({ texter, mailer, contacts, now: options.now ?? (() => NOON) });
  const ports = {
    texter,
    contacts,
    unsettled: createUnsettled({ database: db, provider, news: createMessageNews(db, []) }),
    engagement: createEngagementStore(db),
    eraser: createPersonEraser(db),
    queues: options.queues ?? createQueueMonitor(),
    parseNumber,
    digests: createDigestSource(db),
    retryDelayScale: options.retryDelayScale ?? 1,
    now: options.now ?? (() => NOON),
    orchestrator: options.hasOrchestrator === false ? undefined : orchestrator,
  };
  const runs = activityRuns((shell) => createMessageActivities(ports, shell));
  return { inbox, contacts, mailer, ...runs };
}

let keys = 0;
/** The input of `messages.send`, each with a key of its own. */
export const text = (fields: object = {}): { messageKey: string; to: string; body: string } => ({
  messageKey: `text-${String((keys += 1))}`,
  to: '+4915112345678',
  body: 'The parcel is there.',
  ...fields,
});
