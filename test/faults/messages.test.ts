/** Kills workers and the provider in the middle of a message to all users; afterwards each user must have it once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const USERS = 300;
let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker', 'api'],
    workers: TWO_WORKERS,
    env: { INBOX_MAX_MESSAGES: '100000', OCR_PROCESSES: '1', RETRY_DELAY_SCALE: '0.02' },
  });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});
let groups = 0;
beforeEach(async () => {
  groups += 1;
  // Others, with numbers of their own. Nobody has an address, so that nobody is told by mail what was lost on the way.
  await world.database.query('delete from users');
  await world.database.query(
    `insert into users (id, email, phone, wants_texts, quiet_from, quiet_until)
     select 'user-' || $2::int || '-' || n, '', '+49151' || ($2::int * 1000000 + 10000000 + n), true, 0, 0 from generate_series(1, $1) n`,
    [USERS, groups],
  );
});

async function texts(): Promise<readonly { readonly to: string }[]> {
  const response = await fetch(`${world.stack.addresses.inbox ?? ''}/texts.json?limit=100000`);
  return ((await response.json()) as { texts: readonly { to: string }[] }).texts; // what the inbox gives
}

async function untilSent(share: number): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 20) {
    const { rows } = await world.database.query<{ sent: number }>(
      `select count(*)::int as sent from text_messages where state = 'accepted' and user_id in (select id from users)`,
    );
    if ((rows[0]?.sent ?? 0) >= USERS * share) return;
    await sleep(20);
  }
  throw new TypeError('expected the check-in to get going within 60 s, it did not');
}

async function expectAllOnce(job: Awaited<ReturnType<TestStack['client']['messages']['sendWeeklyCheckins']>>) {
  expect(await job.result({ timeoutMs: 120_000 })).toEqual({
    ...{ status: 'finished', users: USERS, sent: USERS },
    ...{ failed: 0, duplicates: 0, deferred: 0 },
  });
  const mine = `+49151${String(groups + 10)}`;
  const numbers = (await texts()).map(({ to }) => to).filter((to) => to.startsWith(mine));
  expect([numbers.length, new Set(numbers).size]).toEqual([USERS, USERS]);
  const { rows } = await world.database.query(
    `select count(*)::int as rows, count(*) filter (where state = 'accepted')::int as sent,
       count(distinct provider_sid)::int as sids from text_messages
     where user_id in (select id from users)`,
  );
  expect(rows[0]).toEqual({ rows: USERS, sent: USERS, sids: USERS });
}

it('COMMS-6 every user has one message when all workers are killed twice in the middle', async () => {
  const job = await world.client.messages.sendWeeklyCheckins();
  for (const share of [1 / 5, 3 / 5]) {
    await untilSent(share);
    faults.kill('worker-1', 'worker-2');
  }
  await expectAllOnce(job);
});

it('COMMS-6 every user has one message when the provider is killed in the middle and comes back', async () => {
  const job = await world.client.messages.sendWeeklyCheckins();
  await untilSent(1 / 4);
  const old = faults.pidOf('inbox');
  faults.kill('inbox');
  await expectAllOnce(job);
  expect(faults.pidOf('inbox')).not.toBe(old);
});
