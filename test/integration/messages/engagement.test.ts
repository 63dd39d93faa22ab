/** Figures of messages, what users did with them, and the erasing of a person: over the real database and provider. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { messageTasks } from '../../../contracts/messages/tasks.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { routeTask } from '../../../contracts/queues/routing.ts';
import { findTask } from '../../../contracts/register.schema.ts';
import { createOldRecords } from '../../../services/housekeeping/old-records.ts';
import { createMessageNews } from '../../../services/messages/news.ts';
import { hashOf } from '../../../services/outgoing/ledger.ts';
import { failureOf } from '../../support/email-tests.ts';
import { messageTests } from '../../support/messages.ts';

const tests = messageTests();
const NOON = '2026-06-15T12:00:00Z'; // the clock of the tests
const PHONE = '+4915112345678';

beforeEach(async () => {
  await tests.test.db.query(
    `truncate users, communication_log, communication_metrics, communication_engagement, text_messages, text_answers,
       text_opt_outs, email_messages cascade`,
  );
  await tests.test.db.query(
    `insert into users (id, email, time_zone, phone, wants_texts) values
       ('ada', 'ada@example.com', 'Europe/Berlin', $1, true), ('bob', 'bob@example.com', 'UTC', '+4915112345679', true)`,
    [PHONE],
  );
});

let keys = 0;
/** Notes messages to a user as the orchestrator does, at a time. */
async function metrics(channel: string, statuses: readonly string[], fields: { user?: string; at?: string } = {}) {
  const { user = 'ada', at = NOON } = fields;
  for (const status of statuses)
    await tests.test.db.query(
      `insert into communication_metrics (message_key, channel, user_id, message_type, status, created_at)
       values ($1, $2, $3, 'payment_reminder', $4, $5)`,
      [`key-${String((keys += 1))}`, channel, user, status, at],
    );
}

const rows = async (table: string): Promise<readonly Record<string, unknown>[]> =>
  (await tests.test.db.query<Record<string, unknown>>(`select * from ${table}`)).rows;

describe('COMMS-8 delivery rates', () => {
  it('are tracked on the queue of analysis, under the name of the Celery task', () => {
    expect(findTask('track_delivery_rates')?.name).toBe(messageTasks.trackDeliveryRates.name);
    expect(messageTasks.trackDeliveryRates.queue).toBe(queues.messagingAnalytics);
  });

  it('are delivered by sent for each channel, and unknown for mail, of which nobody tells', async () => {
    await metrics('sms', ['delivered', 'delivered', 'delivered', 'sent', 'undelivered', 'failed']);
    await metrics('email', ['sent', 'sent', 'failed']);
    await metrics('sms', ['undelivered'], { at: '2026-06-14T11:59:00Z' }); // more than a day ago
    const { run } = await tests.setUp();
    await run('messages.noteEngagement', { userId: 'ada', channel: 'email', kind: 'opened', happenedAt: NOON });
    expect(await run('messages.trackDeliveryRates', {})).toEqual({
      since: '2026-06-14T12:00:00.000Z',
      channels: [
        { channel: 'email', sent: 2, delivered: 0, failed: 1, delivery_rate: null, engaged: 1, engagement_rate: 0.5 },
        { channel: 'sms', sent: 5, delivered: 3, failed: 2, delivery_rate: 0.6, engaged: 0, engagement_rate: 0 },
      ],
    });
    const wide = await run('messages.trackDeliveryRates', { hours: 48, messageType: 'payment_reminder' });
    expect(wide).toMatchObject({ channels: [{}, { sent: 6, delivered: 3, delivery_rate: 0.5 }] });
    expect(await run('messages.trackDeliveryRates', { messageType: 'education' })).toMatchObject({
      channels: [{ sent: 0 }, { sent: 0, delivery_rate: null, engagement_rate: null }],
    });
  });

  it('follow what the provider tells of a message that was really sent', async () => {
    const { run } = await tests.setUp();
    await run('messages.sendFinancialAlert', { userId: 'ada', message: 'Look.', messageKey: 'alert-1' });
    const [{ message_id: messageId, provider_sid: sid } = {}] = await rows('text_messages');
    const news = createMessageNews(tests.test.db, []);
    const rate = async () =>
      ((await run('messages.trackDeliveryRates', { hours: 8_784 })) as { channels: { delivery_rate: number }[] })
        .channels[1]?.delivery_rate;
    expect(await rate()).toBe(0);
    await news.status({ messageId: String(messageId), sid: String(sid), status: 'delivered', errorCode: undefined });
    expect(await rate()).toBe(1);
  });
});

describe('COMMS-5 the engagement of a user', () => {
  it('is analysed on the queue of analysis with the priority of its row', () => {
    const task = messageTasks.analyzeUserEngagement;
    expect(findTask('backend.tasks.mingus_celery_tasks.analyze_user_engagement')?.name).toBe(task.name);
    expect(task.queue).toBe(queues.messagingAnalytics);
    expect(routeTask(task, {}).priority).toBe(3); // 8 on the reversed scale
  });

  it('tells what the user did by channel and by hour on the clock of the user, and nothing of others', async () => {
    await metrics('sms', ['delivered', 'delivered']);
    await metrics('sms', ['delivered'], { user: 'bob' });
    const { run } = await tests.setUp();
    const at = (hour: number, day = 10): string =>
      `2026-06-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:20:00Z`;
    for (const [day, hour] of [
      [8, 16],
      [9, 16],
      [10, 17],
      [11, 5],
      [12, 15],
    ] as const)
      await run('messages.noteEngagement', {
        userId: 'ada',
        channel: 'sms',
        kind: 'opened',
        eventKey: `open-${String(day)}`,
        happenedAt: at(hour, day),
      });
    await run('messages.noteEngagement', { userId: 'bob', channel: 'sms', kind: 'opened', happenedAt: at(3) });
    const found = (await run('messages.analyzeUserEngagement', { userId: 'ada' })) as Record<string, unknown>;
    expect(found).toMatchObject({
      user_id: 'ada',
      time_zone: 'Europe/Berlin',
      best_hour: 18, // 16:20 UTC, with neighbours
      last_engaged_at: '2026-06-12T15:20:00.000Z',
      channels: [
        { channel: 'email', sent: 0 },
        { channel: 'sms', sent: 2, engaged: 5, engagement_rate: 1 },
      ],
    });
    const hours = found['by_hour'] as number[];
    expect([hours[7], hours[17], hours[18], hours[19], hours.reduce((a, b) => a + b)]).toEqual([1, 1, 2, 1, 5]);
    expect(await run('messages.analyzeUserEngagement', { userId: 'bob' })).toMatchObject({ best_hour: null });
    expect(await run('messages.analyzeUserEngagement', { userId: 'ada', days: 5 })).toMatchObject({
      channels: [{}, { engaged: 3 }],
    });
  });

  it('grows by answers to messages, each once, and not by one that ends them', async () => {
    const news = createMessageNews(tests.test.db, []);
    await news.answer({ sid: 'SM1', number: PHONE, body: 'Thank you!' });
    await news.answer({ sid: 'SM1', number: PHONE, body: 'Thank you!' });
    await news.answer({ sid: 'SM2', number: PHONE, body: 'START' });
    await news.answer({ sid: 'SM3', number: PHONE, body: 'STOP' });
    await news.answer({ sid: 'SM4', number: '+4915100000000', body: 'Who is this?' });
    expect(await rows('communication_engagement')).toMatchObject([
      { user_id: 'ada', channel: 'sms', kind: 'answered' },
      { user_id: 'ada', channel: 'sms', kind: 'answered' },
    ]);
    expect(await rows('text_opt_outs')).toHaveLength(1);
  });

  it.each([
    ['a user that nobody has', 'messages.analyzeUserEngagement', { userId: 'eve' }, 'UserMissing'],
    [
      'an event of a user that nobody has',
      'messages.noteEngagement',
      { userId: 'eve', channel: 'sms', kind: 'opened' },
      'UserMissing',
    ],
    [
      'an event that nobody knows',
      'messages.noteEngagement',
      { userId: 'ada', channel: 'sms', kind: 'smelled' },
      'InvalidInput',
    ],
    [
      'a channel that nobody knows',
      'messages.noteEngagement',
      { userId: 'ada', channel: 'pigeon', kind: 'opened' },
      'InvalidInput',
    ],
    [
      'an event of the day after tomorrow',
      'messages.noteEngagement',
      { userId: 'ada', channel: 'sms', kind: 'opened', happenedAt: '2026-06-17T12:00:00Z' },
      'InvalidInput',
    ],
    ['no days', 'messages.analyzeUserEngagement', { userId: 'ada', days: 0 }, 'InvalidInput'],
    ['a user to erase that nobody has', 'messages.eraseUser', { userId: "ada' or 1=1 --" }, 'UserMissing'],
  ])('refuses %s', async (_what, task, input, type) => {
    const { run } = await tests.setUp();
    expect(await failureOf(run(task, input))).toMatchObject({ type, nonRetryable: true });
    expect(await rows('communication_engagement')).toEqual([]);
  });
});

describe('COMMS-13 optimisation', () => {
  it('has a queue of its own, and runs once at a time', () => {
    const task = messageTasks.optimizeSendTimes;
    expect(task.queue).toBe(queues.messagingOptimization);
    expect(routeTask(task, {}).priority).toBe(2); // 9 on the reversed scale
    expect(task.keyedLimits).toMatchObject([{ by: 'task', concurrency: 1 }]);
  });

  it('finds the best hour of each user, and forgets the one of whoever is known too little', async () => {
    await tests.test.db.query(`update users set best_hour = 3`);
    await tests.test.db.query(
      `insert into communication_engagement (event_key, user_id, channel, kind, happened_at)
       select 'ada' || n, 'ada', 'sms', 'opened', timestamptz '2026-06-01T06:10:00Z' + n * interval '1 day' from generate_series(1, 5) n
       union all select 'bob1', 'bob', 'sms', 'opened', timestamptz '2026-06-10T06:10:00Z'`,
    );
    const { run } = await tests.setUp();
    expect(await run('messages.optimizeSendTimes', {})).toEqual({ users: 2, with_best_hour: 1 });
    const { rows: found } = await tests.test.db.query('select id, best_hour from users order by id');
    expect(found).toEqual([
      { id: 'ada', best_hour: 8 },
      { id: 'bob', best_hour: null },
    ]);
  });
});

describe('a person who is erased', () => {
  it('leaves nothing in the tables of messages, and others keep what is theirs', async () => {
    const { run } = await tests.setUp();
    for (const userId of ['ada', 'bob']) {
      await run('messages.sendFinancialAlert', { userId, message: 'Look.', messageKey: `alert-${userId}` });
      await run('messages.noteEngagement', { userId, channel: 'sms', kind: 'opened', eventKey: 'e1' });
    }
    await run('messages.send', { to: PHONE, body: 'To the number alone.', messageKey: 'direct-1' });
    await tests.test.db.query(
      `insert into email_messages (message_key, message_id, recipient_hash, state, failure_type, failure_message)
       values ('mail-ada', '<1@x>', 'h', 'failed', 'RecipientRejected', 'no')`,
    );
    await tests.test.db.query(
      `insert into communication_metrics values ('mail-ada', 'email', 'ada', 'education', 'sent')`,
    );
    await tests.test.db.query('insert into text_opt_outs (recipient_hash) values ($1)', [hashOf(PHONE)]);
    expect(await run('messages.eraseUser', { userId: 'ada' })).toEqual({
      status: 'erased',
      user_id: 'ada',
      deleted: {
        text_messages: 2,
        email_messages: 1,
        communication_engagement: 1,
        communication_log: 1,
        communication_metrics: 2,
      },
    });
    for (const table of [
      'text_messages',
      'email_messages',
      'communication_engagement',
      'communication_log',
      'communication_metrics',
    ])
      expect(JSON.stringify(await rows(table)), table).not.toMatch(/"ada"|-ada"|direct-1/);
    for (const table of ['text_messages', 'communication_engagement', 'communication_log', 'communication_metrics'])
      expect(await rows(table), table).toHaveLength(1);
    expect(await rows('users')).toContainEqual(
      expect.objectContaining({ id: 'ada', phone: null, wants_texts: false, best_hour: null }),
    );
    // The wish of the number is kept, by its hash.
    expect(await rows('text_opt_outs')).toHaveLength(1);
    expect(await run('messages.eraseUser', { userId: 'ada' })).toMatchObject({ deleted: { text_messages: 0 } });
  });

  it('is erased only when no message to the person is under way, which would write of the person again', async () => {
    const { run } = await tests.setUp();
    await tests.test.db.query(
      `insert into text_messages (message_key, recipient_hash, message_type, user_id, state, claim, lease_until)
       values ('under-way', 'h', 'direct', 'ada', 'sending', gen_random_uuid(), now() + interval '1 hour')`,
    );
    const erased = run('messages.eraseUser', { userId: 'ada' });
    const first = await Promise.race([erased.then(() => 'erased'), sleep(400, 'waits')]);
    expect(first).toBe('waits');
    await tests.test.db.query(`update text_messages set lease_until = now() - interval '1 s'`);
    expect(await erased).toMatchObject({ deleted: { text_messages: 1 } });
  });

  it('has figures, answers and engagement deleted after their time, as other records', async () => {
    await metrics('sms', ['delivered'], { at: '2020-01-01T00:00:00Z' });
    await metrics('sms', ['delivered']);
    for (const [sid, at] of [
      ['SM1', '2020-01-01'],
      ['SM2', NOON],
    ] as const) {
      await tests.test.db.query('insert into text_answers values ($1, $2)', [sid, at]);
      await tests.test.db.query(`insert into communication_engagement values ($1, 'ada', 'sms', 'opened', $2)`, [
        sid,
        at,
      ]);
      await tests.test.db.query(`insert into communication_log values ($1, 'ada', 'communication_sent', 'sms', $2)`, [
        sid,
        at,
      ]);
    }
    const purge = { before: new Date('2026-01-01'), signal: new AbortController().signal };
    const counts = await createOldRecords(tests.test.db).purge({ ...purge, dryRun: false });
    const tables = ['communication_metrics', 'communication_log', 'communication_engagement', 'text_answers'];
    for (const table of tables) {
      expect(counts[table], table).toBe(1);
      expect(await rows(table), table).toHaveLength(1);
    }
  });
});
