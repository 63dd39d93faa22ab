/** Messages to users: which channel they take, and what is noted of them. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { messageTasks } from '../../../contracts/messages/tasks.ts';
import { findTask } from '../../../contracts/register.schema.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { routeTask } from '../../../contracts/queues/routing.ts';
import { queueRow } from '../../../contracts/queues/table.ts';
import { failureOf } from '../../support/email-tests.ts';
import { messageTests, type MessageOptions, type MessageWorld } from '../../support/messages.ts';
import { startTestSmtp, type TestSmtp } from '../../support/servers/smtp.ts';

const tests = messageTests();
const PHONE = '+4915112345678';
const NIGHT = new Date('2026-06-15T22:30:00Z'); // 00:30 in Berlin

beforeEach(async () => {
  await tests.test.db.query(
    'truncate users, communication_log, communication_metrics, text_messages, text_opt_outs, email_messages cascade',
  );
});

async function user(fields: { phone?: string | null; wantsTexts?: boolean; channel?: string; email?: string } = {}) {
  const { phone = PHONE, wantsTexts = true, channel = 'sms', email = 'ada@example.com' } = fields;
  await tests.test.db.query(
    `insert into users (id, email, time_zone, phone, wants_texts, channel) values ('ada', $1, 'Europe/Berlin', $2, $3, $4)`,
    [email, phone, wantsTexts, channel],
  );
}

async function world(
  script?: Parameters<typeof tests.setUp>[0],
  options: MessageOptions = {},
): Promise<MessageWorld & { smtp: TestSmtp }> {
  const smtp = await startTestSmtp();
  onTestFinished(() => smtp.stop());
  return { ...(await tests.setUp(script, { smtpUrl: smtp.url, ...options })), smtp };
}

const rows = async (table: string): Promise<readonly object[]> =>
  (await tests.test.db.query(`select * from ${table} order by created_at`)).rows;

/** Lets a table refuse every new row that is not as a condition says. */
async function refusing(table: string, condition: string): Promise<void> {
  await tests.test.db.query(`alter table ${table} add constraint never check (${condition}) not valid`);
  onTestFinished(async () => {
    await tests.test.db.query(`alter table ${table} drop constraint never`);
  });
}

const alert = { userId: 'ada', message: 'Your balance is low.', messageKey: 'alert-1' };

describe('COMMS-1 a critical financial alert', () => {
  it('has the queue, the rate over all workers, the priority and the retries of its row', () => {
    const task = messageTasks.sendFinancialAlert;
    expect(findTask('backend.tasks.mingus_celery_tasks.send_critical_financial_alert')?.name).toBe(task.name);
    expect(task.queue).toBe(queues.messagingSmsCritical);
    expect(queueRow(task.queue).rate).toEqual({ count: 500, perMs: 60_000 });
    expect(routeTask(task, {}).priority).toBe(10); // 1 on the reversed scale
    expect(task.retry).toMatchObject({ attempts: 4, delayMs: 60_000 });
    expect(task.retry.factor).toBeUndefined();
  });

  it('is sent to the phone also in quiet hours, once for each key', async () => {
    await user();
    const { run, inbox } = await world(undefined, { now: () => NIGHT });
    const result = await run('messages.sendFinancialAlert', alert);
    expect(result).toMatchObject({ status: 'sent', user_id: 'ada', channel: 'sms', message_key: 'alert-1' });
    expect(await run('messages.sendFinancialAlert', alert)).toEqual(result);
    expect(inbox.texts.list({ limit: 10 })).toMatchObject([{ to: PHONE, body: alert.message }]);
  });
});

describe('COMMS-2 a payment reminder', () => {
  const reminder = { userId: 'ada', amount: '12.50 EUR', dueOn: '2026-07-01', reference: 'invoice 17' };

  it('has the queue, the rate over all workers, the priority and the retries of its row', () => {
    const task = messageTasks.sendPaymentReminder;
    expect(findTask('send_payment_reminder')?.name).toBe(task.name);
    expect(task.queue).toBe(queues.messagingPaymentReminders);
    expect(queueRow(task.queue).rate).toEqual({ count: 100, perMs: 60_000 });
    expect(routeTask(task, {}).priority).toBe(8); // 3 on the reversed scale
    expect(task.retry).toMatchObject({ attempts: 4, delayMs: 300_000 });
  });

  it('tells amount, reference and day', async () => {
    await user();
    const { run, inbox } = await world();
    await run('messages.sendPaymentReminder', reminder);
    expect(inbox.texts.list({ limit: 1 })[0]?.body).toBe('Reminder: 12.50 EUR for invoice 17 is due on 2026-07-01.');
  });

  it('goes by mail in the quiet hours of the user, and waits for their end where there is no address', async () => {
    await user();
    const { run, inbox, smtp } = await world(undefined, { now: () => NIGHT });
    expect(await run('messages.sendPaymentReminder', reminder)).toMatchObject({
      channel: 'email',
      fell_back: 'QuietHours',
    });
    expect(smtp.received).toHaveLength(1);
    await tests.test.db.query(`update users set email = ''`);
    const failure = await failureOf(run('messages.sendPaymentReminder', reminder));
    // From 00:30 to 08:00.
    expect(failure).toMatchObject({ type: 'QuietHours', nonRetryable: false, nextRetryDelay: 7.5 * 3_600_000 });
    expect(inbox.texts.total).toBe(0);
  });
});

describe('COMMS-4 educational content', () => {
  it('has the queue and the priority of its row, and goes by mail alone', async () => {
    const task = messageTasks.sendEducation;
    expect(task.queue).toBe(queues.messagingEmailEducation);
    expect(routeTask(task, {}).priority).toBe(4); // 7 on the reversed scale
    await user();
    const { run, smtp, inbox } = await world();
    const result = await run('messages.sendEducation', { userId: 'ada', subject: 'Saving', message: 'Save early.' });
    expect(result).toMatchObject({ channel: 'email' });
    expect(smtp.received.map(({ to }) => to)).toEqual(['ada@example.com']);
    expect(inbox.texts.total).toBe(0);
  });
});

describe('COMMS-9 the orchestrator', () => {
  const smart = { userId: 'ada', triggerType: 'financial_alert', data: { message: 'Look at your account.' } };

  it('takes user, trigger and data, and returns what it did', async () => {
    await user();
    const { run } = await world();
    expect(messageTasks.sendSmart.parameters?.slice(0, 3)).toEqual(['userId', 'triggerType', 'data']);
    expect(await run('messages.sendSmart', smart)).toMatchObject({ status: 'sent', user_id: 'ada', channel: 'sms' });
  });

  it.each([
    ['the user prefers it', { channel: 'email' }],
    ['the user has no phone', { phone: null }],
    ['the user has not said that texts are wanted', { wantsTexts: false }],
  ])('writes mail when %s', async (_why, fields) => {
    await user(fields);
    const { run, smtp, inbox } = await world();
    expect(await run('messages.sendSmart', smart)).toMatchObject({ channel: 'email' });
    expect([smtp.received.length, inbox.texts.total]).toEqual([1, 0]);
  });

  it.each([
    [21614, 'LandlineNumber'],
    [21610, 'RecipientOptedOut'],
    [21612, 'BackendRejected'],
  ])('falls back to mail when the provider refuses for good (%i)', async (code, type) => {
    await user();
    const { run, smtp } = await world(() => ({ status: 400, code, message: 'no' }));
    expect(await run('messages.sendSmart', smart)).toMatchObject({ channel: 'email', fell_back: type });
    expect(smtp.received).toHaveLength(1);
  });

  it('falls back to a text when mail is refused for good', async () => {
    await user({ channel: 'email' });
    const smtp = await startTestSmtp({ recipient: () => ({ code: 550, text: '5.1.1 no such user' }) });
    onTestFinished(() => smtp.stop());
    const { run, inbox } = await tests.setUp(undefined, { smtpUrl: smtp.url });
    expect(await run('messages.sendSmart', smart)).toMatchObject({ channel: 'sms', fell_back: 'RecipientRejected' });
    expect(inbox.texts.total).toBe(1);
  });

  it('does not fall back while another attempt may help, so that nobody gets both', async () => {
    await user();
    let away = true;
    const { run, smtp, inbox } = await world(() => (away ? 'take and hang up' : undefined));
    const keyed = { ...smart, messageKey: 'smart-1' };
    expect(await failureOf(run('messages.sendSmart', keyed))).toMatchObject({ nonRetryable: false });
    away = false;
    expect(await run('messages.sendSmart', keyed, 2)).toMatchObject({ channel: 'sms' });
    expect([smtp.received.length, inbox.texts.total]).toEqual([0, 1]);
  });

  it('makes each call without a key a message of its own, and the attempts at one call one message', async () => {
    await user();
    const { run, inbox } = await world();
    const first = await run('messages.sendSmart', smart, 1, 'call-1');
    expect(await run('messages.sendSmart', smart, 2, 'call-1')).toEqual(first);
    expect(inbox.texts.total).toBe(1);
    await run('messages.sendSmart', smart, 1, 'call-2');
    expect(inbox.texts.total).toBe(2);
  });

  it('logs neither number nor address nor text', async () => {
    await user();
    const { run, logged } = await world(() => ({ status: 400, code: 21614, message: `${PHONE} is a landline` }));
    await run('messages.sendSmart', smart);
    await failureOf(run('messages.sendSmart', { ...smart, userId: 'eve' }));
    expect(logged.join()).toContain('messages.sendSmart');
    expect(logged.join()).not.toMatch(/4915112345678|ada@example|Look at your account/);
  });

  it('fails when a text was sent and cannot be noted, and writes no mail that would tell the same again', async () => {
    await user();
    const { run, smtp, inbox } = await world();
    await refusing('communication_log', `action = 'never'`);
    expect(await failureOf(run('messages.sendSmart', smart))).toMatchObject({ type: 'DatabaseRejected' });
    expect([smtp.received.length, inbox.texts.total]).toEqual([0, 1]);
  });

  it('takes no failure of noting for one of the channel, whatever its type', async () => {
    await user();
    const note = () => Promise.reject(new PerennialError('RecipientRejected', 'as a channel would say it'));
    const { run, smtp, inbox } = await world(undefined, { note });
    expect(await failureOf(run('messages.sendSmart', smart))).toMatchObject({ type: 'RecipientRejected' });
    expect([smtp.received.length, inbox.texts.total]).toEqual([0, 1]);
  });

  it('fails when the database refuses a statement of the delivery, which says nothing about the channel', async () => {
    await user();
    const { run, smtp, inbox } = await world();
    await refusing('text_messages', `message_type = 'never'`);
    expect(await failureOf(run('messages.sendSmart', smart))).toMatchObject({ type: 'DatabaseRejected' });
    expect([smtp.received.length, inbox.texts.total]).toEqual([0, 0]);
  });

  it.each([
    ['a user that nobody has', { ...smart, userId: 'eve' }, 'UserMissing'],
    ['an id of the wrong type', { ...smart, userId: 17 }, 'InvalidInput'],
    ['a trigger that nobody knows', { ...smart, triggerType: 'party' }, 'InvalidInput'],
    ['no message', { ...smart, data: {} }, 'InvalidInput'],
    ['an id with quotes', { ...smart, userId: "x' or 1=1 --" }, 'UserMissing'],
  ])('refuses %s and sends nothing', async (_what, input, type) => {
    await user();
    const { run, smtp, inbox } = await world();
    expect(await failureOf(run('messages.sendSmart', input))).toMatchObject({ type, nonRetryable: true });
    expect([smtp.received.length, inbox.texts.total]).toEqual([0, 0]);
    expect(await rows('communication_log')).toEqual([]);
  });

  it('says that a user without phone and address has no channel', async () => {
    await user({ phone: null, email: '' });
    const { run } = await world();
    expect(await failureOf(run('messages.sendSmart', smart))).toMatchObject({ type: 'NoChannel' });
  });
});

describe('what is noted of a message', () => {
  it('COMMS-10 is a row of figures for each channel that was tried, in the same statement as the log', async () => {
    await user();
    const { run } = await world(() => ({ status: 400, code: 21614, message: 'no' }));
    await run('messages.sendFinancialAlert', alert);
    expect(await rows('communication_metrics')).toMatchObject([
      { user_id: 'ada', message_type: 'financial_alert', channel: 'sms', status: 'failed' },
      { user_id: 'ada', message_type: 'financial_alert', channel: 'email', status: 'sent' },
    ]);
  });

  it('COMMS-11 is a line in the log of the user, once, and none for a user that does not exist', async () => {
    await user();
    const { run } = await world();
    await run('messages.sendFinancialAlert', alert);
    await run('messages.sendFinancialAlert', alert);
    await failureOf(run('messages.sendFinancialAlert', { ...alert, userId: 'eve', messageKey: 'alert-2' }));
    expect(await rows('communication_log')).toMatchObject([
      { user_id: 'ada', action: 'communication_sent', result: 'sms', message_key: 'alert-1' },
    ]);
  });

  it('COMMS-14 needs nothing from the caller: each task has its services and its statements, all or none', async () => {
    await user();
    const { run } = await world();
    // A log that cannot be written undoes the figures of the same message.
    await refusing('communication_log', `action = 'never'`);
    await failureOf(run('messages.sendFinancialAlert', alert));
    expect(await rows('communication_metrics')).toEqual([]);
  });
});

describe('COMMS-12 a worker with nothing to send with', () => {
  it('names the missing service and the settings', async () => {
    await user();
    const { run } = await world(undefined, { hasOrchestrator: false });
    const failure = await failureOf(
      run('messages.sendSmart', { userId: 'ada', triggerType: 'direct', data: { message: 'x' } }),
    );
    expect(failure).toMatchObject({ type: 'MessagingNotConfigured' });
    expect(failure.message).toMatch(/^Communication orchestrator service not available: .*TWILIO_ACCOUNT_SID/);
  });
});
