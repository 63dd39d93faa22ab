/** What all users are told: workflows over the real server, database and provider. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserMailing } from '../../../contracts/email/vocabulary.ts';
import type { MonitorQueueLengthsOutput } from '../../../contracts/housekeeping/schema.ts';
import { mondayOf } from '../../../contracts/messages/periods.ts';
import { messageTasks } from '../../../contracts/messages/tasks.ts';
import { messageWorkflows, type RegularMessage } from '../../../contracts/messages/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { routeTask } from '../../../contracts/queues/routing.ts';
import { queueRow } from '../../../contracts/queues/table.ts';
import { findTask } from '../../../contracts/register.schema.ts';
import { DAY_MS } from '../../../contracts/values/units.ts';
import { failureOf } from '../../support/email-tests.ts';
import { type MessageOptions, messageTests, type MessageWorld } from '../../support/messages.ts';
import { parsed, startTestSmtp, type TestSmtp } from '../../support/servers/smtp.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

const tests = messageTests();
let temporal: TestTemporal;
let smtp: TestSmtp;
beforeAll(async () => {
  temporal = await startTestTemporal();
  smtp = await startTestSmtp();
});
afterAll(async () => {
  await temporal.stop();
  await smtp.stop();
});
beforeEach(async () => {
  smtp.received.length = 0;
  await tests.test.db.query(
    'truncate users, documents, communication_log, communication_metrics, text_messages, text_opt_outs, email_messages cascade',
  );
});

/** Users with numbers, the ids of which have as many digits. */
async function users(count: number): Promise<void> {
  await tests.test.db.query(
    `insert into users (id, email, phone, wants_texts)
     select 'user-' || lpad(n::text, 4, '0'), 'user-' || n || '@example.com', '+49151' || (10000000 + n), true
     from generate_series(1, $1) n`,
    [count],
  );
}

const world = (script?: Parameters<typeof tests.setUp>[0], options?: MessageOptions): Promise<MessageWorld> =>
  tests.setUp(script, { smtpUrl: smtp.url, retryDelayScale: 0, ...options });

let runs = 0;
function runAll({ activities }: MessageWorld, workflow: string): Promise<UserMailing> {
  return temporal.withWorkers(activities, () =>
    temporal.client.workflow.execute(workflow, {
      taskQueue: queues.workflows,
      workflowId: `all-${String((runs += 1))}`,
      args: [{}],
    }),
  ) as Promise<UserMailing>; // what each of the workflows returns
}

const numbersOf = ({ inbox }: MessageWorld): readonly string[] =>
  inbox.texts.list({ limit: 1_000 }).map(({ to }) => to);

describe('COMMS-3 monthly reports', () => {
  it('have the queue, the rate over all workers, the priority and the retries of their row', () => {
    const task = messageTasks.sendMonthlyReport;
    expect(findTask('backend.tasks.mingus_celery_tasks.send_monthly_report')?.name).toBe(task.name);
    expect(task.queue).toBe(queues.messagingEmailReports);
    expect(queueRow(task.queue).rate).toEqual({ count: 1_000, perMs: 60_000 });
    expect(routeTask(task, {}).priority).toBe(6); // 5 on the reversed scale
    expect(task.retry).toMatchObject({ attempts: 3, delayMs: 1_800_000 });
    // Reports to all users are on the same queue, one activity for each, so that its rate counts them.
    expect(messageTasks.reportToUser.queue).toBe(task.queue);
  });

  it('go to all users who want summaries, by mail, once for each month', async () => {
    await users(130);
    await tests.test.db.query(`update users set wants_digest = false where id = 'user-0007'`);
    const here = await world();
    expect(await runAll(here, messageWorkflows.sendMonthlyReports)).toMatchObject({ users: 129, sent: 129, failed: 0 });
    const addresses = smtp.received.map(({ to }) => to);
    expect([addresses.length, new Set(addresses).size]).toEqual([129, 129]);
    expect(addresses).not.toContain('user-7@example.com');
    expect(here.inbox.texts.total).toBe(0);
    expect(await runAll(here, messageWorkflows.sendMonthlyReports)).toMatchObject({ users: 129, sent: 129 });
    expect(smtp.received).toHaveLength(129);
  });

  it('tell the figures of the user in the month, and nothing of others', async () => {
    await users(2);
    await tests.test.db.query(
      `insert into documents (id, user_id, status, error_type, pages, created_at, file_path, name)
       select gen_random_uuid(), 'user-000' || n, 'failed', 'PageUnreadable', n, '2026-05-20T10:00:00Z', '/a.pdf', 'a.pdf'
       from generate_series(1, 2) n`,
    );
    const { run } = await world();
    await run('messages.sendMonthlyReport', { userId: 'user-0002' });
    expect(smtp.received).toMatchObject([{ to: 'user-2@example.com' }]);
    const { text } = await parsed(smtp.received[0]);
    expect(text?.replaceAll(/\s+/g, ' ')).toContain('0 documents of 0 pages were read, and 1 could not');
  });

  it.each([
    ['a month that is none', { userId: 'user-0001', month: '2026-13' }, 'InvalidInput'],
    ['a user that nobody has', { userId: 'eve' }, 'UserMissing'],
    ['no user', {}, 'InvalidInput'],
  ])('refuse %s', async (_what, input, type) => {
    await users(1);
    const { run } = await world();
    expect(await failureOf(run('messages.sendMonthlyReport', input))).toMatchObject({ type, nonRetryable: true });
    expect(smtp.received).toEqual([]);
  });
});

describe('COMMS-6 weekly check-ins', () => {
  it('have the queue of daily messages, and no limit there that would delay other messages', () => {
    const task = messageTasks.sendWeeklyCheckin;
    expect(findTask('backend.tasks.mingus_celery_tasks.send_weekly_checkin')?.name).toBe(task.name);
    expect(messageTasks.checkInOnUser.queue).toBe(queues.messagingSmsDaily);
    expect(queueRow(task.queue).rate).toBeUndefined();
  });

  it('go to all users who want reminders, once a week, also beside the task for one of them', async () => {
    await users(120);
    await tests.test.db.query(`update users set wants_reminders = false where id = 'user-0003'`);
    const here = await world();
    // Any day of the week is that week, which is the one of the server, as in the workflow.
    const sunday = new Date(Date.parse(mondayOf(new Date().toISOString())) + 6 * DAY_MS);
    const week = sunday.toISOString().slice(0, 10);
    await here.run('messages.sendWeeklyCheckin', { userId: 'user-0001', week });
    expect(await runAll(here, messageWorkflows.sendWeeklyCheckins)).toMatchObject({ users: 119, sent: 119, failed: 0 });
    const numbers = numbersOf(here);
    expect([numbers.length, new Set(numbers).size]).toEqual([119, 119]);
    expect(numbers).not.toContain('+4915110000003');
  });

  it('are tried again where the provider is away for a moment, and counted as failed where nobody can be told', async () => {
    await users(6);
    await tests.test.db.query(`update users set email = '', phone = null where id = 'user-0005'`);
    const away = new Set(['+4915110000002', '+4915110000004']);
    const here = await world((form) =>
      away.delete(form.get('To') ?? '') ? { status: 503, code: 20503, message: 'away' } : undefined,
    );
    expect(await runAll(here, messageWorkflows.sendWeeklyCheckins)).toMatchObject({ users: 6, sent: 5, failed: 1 });
    expect(new Set(numbersOf(here)).size).toBe(5);
    expect(here.inbox.texts.total).toBe(5);
  });

  it('fail as a whole, and at once, where the installation is to blame', async () => {
    await users(3);
    const here = await world(() => ({ status: 401, code: 20003, message: 'Authenticate' }));
    await expect(runAll(here, messageWorkflows.sendWeeklyCheckins)).rejects.toMatchObject({
      cause: { type: 'BackendAuthFailed' },
    });
  });

  it.each<[RegularMessage, string]>([
    ['monthly_report', '2026-05'],
    ['weekly_checkin', '2026-06-15'],
  ])('list whom %s has not reached, page by page', async (messageType, period) => {
    await users(5);
    const { run, contacts } = await world();
    await contacts.note({
      key: `${messageType}:${period}:user-0002`,
      userId: 'user-0002',
      messageType,
      channel: 'email',
      status: 'sent',
    });
    const page = (after: string) => run('messages.listRecipients', { messageType, period, after, limit: 3 });
    expect(await page('')).toEqual({ userIds: ['user-0001', 'user-0003'], told: 1, next: 'user-0003' });
    expect(await page('user-0003')).toEqual({ userIds: ['user-0004', 'user-0005'], told: 0, next: null });
  });
});

describe('COMMS-7 the depth of the queues', () => {
  it('is told for the queues of messages alone, from the server, with those who serve them', async () => {
    const { activities } = await world();
    expect(findTask('monitor_queue_depth')?.queue).toBe(queues.messagingAnalytics);
    const found = (await temporal.withWorkers(activities, () =>
      temporal.client.workflow.execute('runTask', {
        taskQueue: queues.workflows,
        workflowId: 'depth',
        args: ['messages.monitorQueueDepth', {}],
      }),
    )) as MonitorQueueLengthsOutput; // the task returns it
    expect(found).toMatchObject({ status: 'ok', warn_length: 100, total: 0 });
    expect(found.queues.map(({ queue }) => queue)).toContain(queues.messagingSmsCritical);
    expect(found.queues.every(({ queue, workers }) => queue.startsWith('messaging.') && workers > 0)).toBe(true);
  });

  it.each([
    [100, 2, 'ok'],
    [101, 2, 'warning'],
    [1, 0, 'warning'],
  ])('with %i tasks and %i workers is %s', async (length, workers, status) => {
    const row = { queue: queues.messagingSmsDaily, length, oldestSeconds: 1, workers };
    const { run } = await world(undefined, { queues: { lengths: () => Promise.resolve([row]) } });
    expect(await run('messages.monitorQueueDepth', {})).toMatchObject({ status, total: length });
  });
});
