/** Messages of which the provider has told no end: it is asked, over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { messageTasks } from '../../../contracts/messages/tasks.ts';
import { scheduleEntries } from '../../../schedules/entries.ts';
import { failureOf } from '../../support/email-tests.ts';
import { messageTests, text } from '../../support/messages.ts';
import { eventually } from '../../support/tasks.ts';

const tests = messageTests();
beforeEach(() => tests.test.db.query('truncate text_messages, communication_metrics cascade'));

/** Makes all messages older, so that they are due. */
const age = (minutes: number): Promise<unknown> =>
  tests.test.db.query(
    `update text_messages set created_at = created_at - make_interval(mins => $1),
       accepted_at = accepted_at - make_interval(mins => $1), looked_at = looked_at - make_interval(mins => $1)`,
    [minutes],
  );
const arrived = { delivery: 'delivered' };

describe('messages without an end', () => {
  it('are asked for by a schedule, by one run at a time', () => {
    const entry = scheduleEntries.find(({ id }) => id === 'ask-about-messages');
    expect(entry?.target).toEqual({ task: 'messages.askAboutMessages', input: {} });
    expect(messageTasks.askAboutMessages.keyedLimits).toMatchObject([{ by: 'task', concurrency: 1 }]);
  });

  it('get the one that the provider knows, and the figures too, where no news reached us', async () => {
    const { run, inbox } = await tests.setUp();
    await tests.test.db.query(
      `insert into users (id, email, phone, wants_texts) values ('ada', '', '+4915112345678', true) on conflict do nothing`,
    );
    await run('messages.sendFinancialAlert', { userId: 'ada', message: 'Look.', messageKey: 'alert-1' });
    const lost = text({ to: '+15005550010' });
    await run('messages.send', lost);
    await eventually(() => inbox.texts.list({ limit: 9 }).every(({ status }) => /delivered$/.test(status)));
    expect(await run('messages.askAboutMessages', {})).toEqual({ asked: 0, settled: 0, unknown: 0 }); // too early
    await age(16);
    expect(await run('messages.askAboutMessages', {})).toEqual({ asked: 2, settled: 2, unknown: 0 });
    expect(await tests.ledgerRow('alert-1')).toMatchObject(arrived);
    expect(await tests.ledgerRow(lost.messageKey)).toMatchObject({ delivery: 'undelivered', error_code: 30_003 });
    const { rows } = await tests.test.db.query('select status from communication_metrics');
    expect(rows).toEqual([{ status: 'delivered' }]);
    await age(10_000);
    expect(await run('messages.askAboutMessages', {})).toMatchObject({ asked: 0 });
  });

  it('that are still on their way are asked for again later, each time after twice as long', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text();
    await run('messages.send', message);
    await inbox.texts.change(inbox.texts.list({ limit: 1 })[0]?.sid ?? '', 'queued', null);
    const asked = async (minutes: number): Promise<unknown> => {
      await age(minutes);
      // What the provider says meanwhile stays behind what it said before.
      await tests.test.db.query(`update text_messages set delivery = 'queued'`);
      await Promise.all(inbox.texts.list({ limit: 1 }).map(({ sid }) => inbox.texts.change(sid, 'sent', null)));
      const { asked: count } = (await run('messages.askAboutMessages', {})) as { asked: number };
      return count;
    };
    await sleep(300); // the inbox is done with it
    expect([await asked(16), await asked(16), await asked(16), await asked(31)]).toEqual([1, 0, 1, 0]);
  });

  it('that the provider does not know any more, and those of a week ago, are never asked for again', async () => {
    const { run } = await tests.setUp();
    const messages = [text(), text()];
    for (const message of messages) await run('messages.send', message);
    await tests.test.db.query(`update text_messages set provider_sid = 'SM' || md5(message_key)`);
    await tests.test.db.query(
      `update text_messages set created_at = now() - interval '8 days' where message_key = $1`,
      [messages[1]?.messageKey],
    );
    await age(16);
    expect(await run('messages.askAboutMessages', {})).toEqual({ asked: 1, settled: 0, unknown: 1 });
    await age(3_000);
    expect(await run('messages.askAboutMessages', {})).toMatchObject({ asked: 0 });
  });

  it('that was taken while the provider died gets its end by the news that names it', async () => {
    let away = true;
    const { run, inbox } = await tests.setUp(() => (away ? 'take and hang up' : undefined));
    const message = text();
    expect(await failureOf(run('messages.send', message))).toMatchObject({ nonRetryable: false });
    away = false;
    // Nobody knows its id at the provider yet: there is nothing to ask for.
    await age(16);
    expect(await run('messages.askAboutMessages', {})).toMatchObject({ asked: 0 });
    // The next attempt asks what became of the one before.
    expect(await run('messages.send', message, 2)).toMatchObject({ sid: inbox.texts.list({ limit: 1 })[0]?.sid });
    expect(inbox.texts.total).toBe(1);
    await age(16);
    await eventually(() => inbox.texts.list({ limit: 1 })[0]?.status === 'delivered');
    await run('messages.askAboutMessages', {});
    expect(await tests.ledgerRow(message.messageKey)).toMatchObject(arrived);
  });

  it('wait while the provider is away, and no message is spoiled by it', async () => {
    const { run, inbox } = await tests.setUp();
    const message = text();
    await run('messages.send', message);
    await age(16);
    await inbox.stop();
    expect(await failureOf(run('messages.askAboutMessages', {}))).toMatchObject({ type: 'BackendUnavailable' });
    expect(await tests.ledgerRow(message.messageKey)).toMatchObject({ looks: 0, looked_at: null });
  });

  it.each([[{ limit: 0 }], [{ limit: 20_000 }], [{ limit: 'all' }]])('are not asked for by %o', async (input) => {
    const { run } = await tests.setUp();
    expect(await failureOf(run('messages.askAboutMessages', input))).toMatchObject({ type: 'InvalidInput' });
  });
});
