/** Billing over a real database, the real API and a provider on a socket, without workflows. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createBillingActivities } from '../../activities/billing/index.ts';
import { createKeyRing, sealBytes } from '../../client/index.ts';
import { SIGNATURE_HEADER, WEBHOOK_PATH } from '../../contracts/billing/vocabulary.ts';
import { createEventInbox } from '../../services/billing/inbox.ts';
import { createEventProcessor } from '../../services/billing/processor.ts';
import { decimalAmount, smallestUnits } from '../../services/billing/money.ts';
import type { PaymentProvider } from '../../services/billing/port.ts';
import { createBillingRecords } from '../../services/billing/records.ts';
import { createReconciler } from '../../services/billing/reconciler.ts';
import { createStripe } from '../../services/billing/stripe.ts';
import { createKeptAnswers } from '../../services/answers/postgres.ts';
import { createAttachmentLoader } from '../../services/email/attachments.ts';
import { createMailer } from '../../services/email/mailer.ts';
import { createReportRenderer } from '../../services/reports/renderer.ts';
import { eventOf, type PaymentEvent, signatureOf } from '../../stack/inbox/payments/events.ts';
import {
  createPaymentProvider,
  type PaymentProviderOptions,
  type PaymentProviderServer,
} from '../../stack/inbox/payments/provider.ts';
import { openPaymentStore, type PaymentObject, type PaymentStore } from '../../stack/inbox/payments/store.ts';
import { eventOpener } from '../../workers/domains/billing.ts';
import { type ActivityRuns, activityRuns } from './activity-runs.ts';
import { testApi } from './fakes/api.ts';
import { memoryBlobs } from './fakes/blobs.ts';
import { startTestSmtp, type TestSmtp } from './servers/smtp.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';

export const KEY = 'sk_test_0123456789abcdef';
export const SECRET = 'whsec_0123456789abcdef';
const keys = createKeyRing(`test:${randomBytes(32).toString('base64')}`, 'SEAL_KEYS');

export interface BillingWorld extends ActivityRuns {
  readonly store: PaymentStore;
  /** Where the provider keeps its objects. */
  readonly folder: string;
  readonly smtp: TestSmtp;
  readonly stripe: PaymentProvider;
  readonly provider: PaymentProviderServer;
  /** Tells the API an event, with a signature of now unless another is given. */
  tell(event: PaymentEvent | string, signature?: string): Promise<number>;
}

export interface BillingTests {
  readonly test: TestDatabase;
  /** Address of the API. */
  readonly api: string;
  /** What the API logged. */
  readonly logged: readonly string[];
  setUp(script?: PaymentProviderOptions['script'], apiUrl?: string): Promise<BillingWorld>;
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`; // a listening TCP server has one
}

/** Call it at the top of a test file; everything is closed by itself. */
export function billingTests(): BillingTests {
  // Of each file its own: files share a process, and this one ends with its file. Its child starts with the first invoice.
  const drawer = createReportRenderer();
  const state: { test?: TestDatabase; api: string; logged: readonly string[] } = { api: '', logged: [] };
  const closing: (() => Promise<void>)[] = [];
  const ending: (() => Promise<void>)[] = [];
  const serve = async (server: Server, list: (() => Promise<void>)[]): Promise<string> => {
    list.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return listen(server);
  };
  beforeAll(async () => {
    state.test = await testDatabase();
    const inbox = createEventInbox(state.test.db, { seal: (plain, about) => sealBytes(keys, plain, about) });
    const { app, logged } = testApi({}, {}, { billing: { inbox, webhookSecret: SECRET } });
    state.logged = logged;
    state.api = await serve(createServer(app), ending);
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
    await state.test?.db.query(
      'truncate billing_events, billing_objects, billing_differences, effect_answers, email_messages',
    );
  });
  afterAll(async () => {
    await drawer.close();
    for (const close of ending.splice(0)) await close();
    await state.test?.drop();
  });
  const tests: BillingTests = {
    get test() {
      if (state.test === undefined) throw new TypeError('expected a database, the tests have not begun');
      return state.test;
    },
    get api() {
      return state.api;
    },
    get logged() {
      return state.logged;
    },
    rows: async (sql, values) => (await tests.test.db.query<Record<string, unknown>>(sql, values)).rows,
    setUp: async (script, apiUrl) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-payments-'));
      closing.push(() => rm(folder, { recursive: true, force: true }));
      const store = await openPaymentStore(folder);
      const provider = createPaymentProvider({ store, secretKey: KEY, target: undefined, script });
      const url = await serve(
        createServer((request, response) => void provider.answer(request, response).catch(() => response.destroy())),
        closing,
      );
      const stripe = createStripe({ secretKey: KEY, apiUrl: apiUrl ?? url, timeoutMs: 5_000 });
      const { db } = tests.test;
      const blobs = memoryBlobs();
      const smtp = await startTestSmtp();
      const mailer = createMailer({
        url: smtp.url,
        connections: 2,
        timeoutMs: 5_000,
        database: db,
        from: 'billing@example.com',
        adminEmail: 'admin@example.com',
        attachments: createAttachmentLoader({ roots: [], maxBytes: 5_000_000, blobs }),
      });
      closing.push(
        () => smtp.stop(),
        () => mailer.close(),
      );
      const ports = {
        reconciler: createReconciler({ database: db, provider: stripe }),
        drawer,
        money: { smallestUnits, decimalAmount },
        mailer,
        blobs,
        now: () => new Date(),
        provider: stripe,
        records: createBillingRecords(db),
        processor: createEventProcessor({ database: db, provider: stripe, sealer: eventOpener(keys) }),
      };
      return {
        ...activityRuns((shell) =>
          createBillingActivities(ports, { ...shell, once: createKeptAnswers(db, 'effect_answers') }),
        ),
        store,
        provider,
        folder,
        smtp,
        stripe,
        tell: (event, signature) => tell(state.api, event, signature),
      };
    },
  };
  return tests;
}

async function tell(api: string, event: PaymentEvent | string, given?: string): Promise<number> {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const signature = given ?? signatureOf(SECRET, body, Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    ...(signature === '' ? {} : { [SIGNATURE_HEADER]: signature }),
  };
  return (await fetch(api + WEBHOOK_PATH, { method: 'POST', headers, body })).status;
}

/** An event of a time, in seconds since 1970. */
export function eventAt(at: number, type: string, object: PaymentObject): PaymentEvent {
  return { ...eventOf(type, object), created: at };
}
