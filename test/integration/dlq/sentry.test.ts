/** Dead letters as events of Sentry, sent to a server that takes its envelopes. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSentryReports, type ErrorReports } from '../../../services/dlq/sentry.ts';
import { deadLetter } from '../../support/fakes/dlq.ts';

interface Taken {
  readonly url: string | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

let server: Server;
let taken: Taken[];
let status: number;
let reports: ErrorReports;

beforeEach(async () => {
  [taken, status] = [[], 200];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      // An envelope is a line about itself, then for each item a line about it and one with it.
      const event = JSON.parse(body.split('\n')[2] ?? '{}') as Taken['event'];
      taken.push({ url: request.url, event });
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const dsn = `http://publickey@127.0.0.1:${port}/7`;
  reports = createSentryReports({ dsn, environment: 'production', release: 'build-8f2' });
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('a dead letter in Sentry', () => {
  it('SENTRY-3 SENTRY-1 is one event with task, queue, attempt and build', async () => {
    await reports.report(deadLetter({ taskId: 'order-17', queue: 'shop.mail', retryCount: 3 }));
    expect(taken).toHaveLength(1);
    expect(taken[0]?.url).toMatch(/^\/api\/7\/envelope\/\?.*sentry_key=publickey/);
    expect(taken[0]?.event).toMatchObject({
      ...{ environment: 'production', release: 'build-8f2', level: 'error', transaction: 'samples.addOne' },
      exception: { values: [{ type: 'BackendUnavailable', value: 'no answer' }] },
      fingerprint: ['0f3c9a51be77'],
      tags: { celery_task: 'samples.addOne', task_id: 'order-17', failure_class: 'transient' },
      contexts: {
        celery_task: { task_id: 'order-17', task_name: 'samples.addOne', queue: 'shop.mail', attempt: 4 },
      },
    });
    for (const personal of ['user', 'request', 'server_name']) expect(taken[0]?.event).not.toHaveProperty(personal);
  });

  it('SENTRY-3 has the same event id whenever it is sent, and another one for another run', async () => {
    await reports.report(deadLetter());
    await reports.report(deadLetter());
    await reports.report(deadLetter({ runId: 'r2' }));
    const [first, again, other] = taken.map(({ event }) => event['event_id']);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('SENTRY-2 is not sent for a peer that went away or an interrupt', async () => {
    await reports.report(deadLetter({ errorMessage: 'read ECONNRESET' }));
    await reports.report(deadLetter({ errorMessage: 'Connection reset by peer' }));
    await reports.report(deadLetter({ errorMessage: 'ended by SIGTERM' }));
    expect(taken).toEqual([]);
  });

  it.each([500, 429, 400])('is tried again when the server answers %i', async (answer) => {
    status = answer;
    await expect(reports.report(deadLetter())).rejects.toMatchObject({ type: 'BackendUnavailable' });
  });

  it('is tried again when nobody listens', async () => {
    const nobody = createSentryReports({ dsn: 'http://publickey@127.0.0.1:9/7', environment: 'e', release: 'r' });
    await expect(nobody.report(deadLetter())).rejects.toThrow('Expected Sentry to take an event, got no answer.');
  });
});
