/** Redrives of many dead letters: runs of their own, on a real server and a real database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRpc } from '../../../client/connection/rpc.ts';
import { redriveRuns } from '../../../client/dlq/redrive-runs.ts';
import { connectPerennial } from '../../../client/index.ts';
import { createGate } from '../../../client/queues/gate.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { createDeadLetterRecords } from '../../../services/dlq/records.ts';
import { eventually, type Script } from '../../support/tasks.ts';
import { fail, letterOf, useDeadLetters } from './world.ts';

const shared = useDeadLetters();
/** In place of a message: the call goes on until the test mends it. */
const ENDLESS = 'endless';
/** What was called; every call fails until the test mends it, with the message that the test gives. */
let calls: number[] = [];
let broken: string | undefined;
const script: Script = {
  'samples.addOne': async ({ data }) => {
    calls.push(data);
    while (broken === ENDLESS) await sleep(20);
    if (broken !== undefined) throw new PerennialError('FileMissing', broken);
    return data + 1;
  },
};
const mend = (): void => void (broken = undefined);
let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await shared.world.keepWorkers({ script });
});
afterAll(() => stop());
beforeEach(() => {
  calls = [];
});

/** Lets tasks fail for good, and returns what they have in common. */
async function failedTasks(name: string, numbers: readonly number[]): Promise<string> {
  const { client } = shared.world;
  const runs = numbers.map((data) => client.task('samples.addOne').call({ data }, { id: `${name}-${String(data)}` }));
  await Promise.allSettled((await Promise.all(runs)).map((run) => run.result()));
  for (const data of numbers) await letterOf(shared.world, `${name}-${String(data)}`);
  return (await client.dlq.get(`${name}-${String(numbers[0])}`)).fingerprint;
}

/** Waits until the redrives of tasks have given their results. */
async function resultsOf(ids: readonly string[]): Promise<readonly unknown[]> {
  const { dlq, tasks } = shared.world.client;
  return Promise.all(ids.map(async (id) => tasks.get((await dlq.get(id)).redrivenAs!).result()));
}

describe('a redrive of many letters', () => {
  it('DLQ-4 starts each run once and so many a second, tells how far it is, and each letter who redrove it', async () => {
    broken = 'the disk is full';
    const fingerprint = await failedTasks('rate', [1, 2, 3, 4, 5]);
    mend();
    const startedAt = performance.now();
    const by = { by: 'ada', reason: 'more disk' };
    const redrive = await shared.world.client.dlq.redriveAll({ fingerprint }, { ...by, perSecond: 2 });
    expect(await redrive.result()).toMatchObject({ done: 5, left: 0, failed: 0, taken: 0, aborted: false });
    expect(performance.now() - startedAt).toBeGreaterThan(2_000); // four pauses of half a second
    expect(await resultsOf([1, 2, 3, 4, 5].map((n) => `rate-${String(n)}`))).toEqual([2, 3, 4, 5, 6]);
    expect(calls).toHaveLength(10);
    const view = await redrive.show();
    expect(view).toMatchObject({ ...by, id: redrive.id, state: 'finished', filter: { fingerprint }, done: 5 });
    expect(view.endedAt).not.toBeNull();
    const letter = await shared.world.client.dlq.get('rate-1');
    expect(letter).toMatchObject({ resolved: true, resolution: 'redriven', resolvedBy: 'ada', reason: 'more disk' });
    expect(letter.redrive).toMatch(new RegExp(`^${redrive.id}/[0-9a-f-]{36}$`));
    await eventually(async () => (await shared.world.client.dlq.redrives()).items.length > 0);
    const listed = (await shared.world.client.dlq.redrives()).items.find(({ id }) => id === redrive.id);
    expect(listed).toEqual(view);
  });

  it('pauses, goes on and is aborted by whom it says; what was not started stays open', async () => {
    broken = 'all of these';
    const { dlq } = shared.world.client;
    const fingerprint = await failedTasks('steered', [21, 22, 23]);
    mend();
    const redrive = await dlq.redriveAll({ fingerprint }, { perSecond: 0.5, by: 'ada' });
    await eventually(async () => (await redrive.show()).done === 1);
    await redrive.pause('bob');
    await eventually(async () => (await redrive.show()).state === 'paused');
    await sleep(2_500); // the next one was due within two seconds
    expect(await redrive.show()).toMatchObject({ state: 'paused', done: 1, left: 2, endedAt: null });
    await redrive.resume('eve');
    await eventually(async () => (await redrive.show()).done === 2);
    await redrive.abort('bob');
    expect(await redrive.result()).toMatchObject({ done: 2, left: 1, aborted: true });
    const { state, interventions } = await redrive.show();
    expect(state).toBe('aborted');
    expect(interventions.map(({ what, by }) => `${what} ${by}`)).toEqual(['pause bob', 'resume eve', 'abort bob']);
    const { items } = await dlq.list({ fingerprint });
    expect(items).toHaveLength(1);
    await expect(redrive.pause()).rejects.toThrow('has ended already');
    await dlq.discard(items[0]!.taskId);
  });

  it('two operators with the same filter: the second is told who is at it; the same call joins', async () => {
    broken = 'both of us';
    const { dlq } = shared.world.client;
    const fingerprint = await failedTasks('both', [31, 32, 33]);
    mend();
    const both = await Promise.allSettled([
      dlq.redriveAll({ fingerprint }, { by: 'ada', reason: 'it is back', perSecond: 1 }),
      dlq.redriveAll({ fingerprint }, { by: 'bob', reason: 'it is back', perSecond: 1 }),
    ]);
    const [won] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as PerennialError] : []));
    expect(refused).toMatchObject([{ type: 'RedriveUnderWay' }]);
    const { by } = await won!.show();
    expect(refused[0]?.message).toContain(`redriven by ${by} since`);
    expect(refused[0]?.message).toContain(won!.id);
    const again = await dlq.redriveAll({ fingerprint }, { by, reason: 'it is back', perSecond: 1 });
    expect(again.id).toBe(won!.id);
    expect(await won!.result()).toMatchObject({ done: 3 });
    await resultsOf(['both-31', 'both-32', 'both-33']);
    expect(calls).toHaveLength(6);
  });

  it('two operators with filters that overlap start each run once', async () => {
    broken = 'overlapping';
    const since = new Date().toISOString();
    const { dlq } = shared.world.client;
    const numbers = [41, 42, 43, 44, 45, 46];
    const fingerprint = await failedTasks('overlap', numbers);
    mend();
    const given = { perSecond: 100 };
    const both = await Promise.all([
      dlq.redriveAll({ fingerprint }, { by: 'ada', ...given }),
      dlq.redriveAll({ since }, { by: 'bob', ...given }),
    ]);
    const ended = await Promise.all(both.map((redrive) => redrive.result()));
    expect(ended.reduce((sum, { done }) => sum + done, 0)).toBe(numbers.length);
    await resultsOf(numbers.map((n) => `overlap-${String(n)}`));
    expect(calls).toHaveLength(2 * numbers.length);
  });

  it('leaves alone what fails again while it goes on', async () => {
    broken = 'still gone';
    const fingerprint = await failedTasks('again', [51, 52, 53]);
    const redrive = await shared.world.client.dlq.redriveAll({ fingerprint }, { perSecond: 1 });
    expect(await redrive.result()).toMatchObject({ done: 3, failed: 0 });
    await eventually(async () => (await shared.world.client.dlq.list({ fingerprint })).total === 3);
    expect(calls).toHaveLength(6);
  });

  it('goes on when its worker and its client are gone, and starts nothing twice', async () => {
    broken = 'survivors';
    const numbers = [61, 62, 63, 64];
    const fingerprint = await failedTasks('survivor', numbers);
    mend();
    const { temporal, database } = shared.world;
    const deadLetterRecords = createDeadLetterRecords(database.db);
    const other = await connectPerennial({ ...temporal.endpoint, deadLetterRecords });
    const { id } = await other.dlq.redriveAll({ fingerprint }, { perSecond: 1 });
    await eventually(async () => (await other.dlq.getRedrive(id).show()).done >= 1);
    await other.close();
    await stop();
    const redrive = shared.world.client.dlq.getRedrive(id);
    expect(await redrive.show()).toMatchObject({ state: 'running' });
    stop = await shared.world.keepWorkers({ script });
    expect(await redrive.result()).toMatchObject({ done: 4, left: 0 });
    await resultsOf(numbers.map((n) => `survivor-${String(n)}`));
    expect(calls).toHaveLength(8);
  });

  it('an attempt that is repeated after its process died counts what was started, and starts the rest', async () => {
    broken = 'half way';
    const fingerprint = await failedTasks('half', [71, 72, 73]);
    mend();
    const { temporal, database, client } = shared.world;
    const { sealKeys } = temporal.endpoint;
    const rpc = createRpc(temporal.client, 'test', 10_000, createKeyRing(sealKeys, 'sealKeys'));
    const records = createDeadLetterRecords(database.db);
    const input = {
      ...{ redrive: 'redrive-x/1', filter: { fingerprint }, quarantined: false, whole: false, by: 'ada' },
      ...{ perSecond: 100, after: null, most: 2 },
    };
    const attempt = () => redriveRuns({ rpc, gate: createGate(rpc) }, records, input, new AbortController().signal);
    // The process died when it had taken the first run, and had started it.
    const [taken, , open] = (await client.dlq.list({ fingerprint })).items;
    const { runId } = taken!;
    expect(await records.claim(runId, { by: 'ada', redrive: 'redrive-x/1' })).toBe(true);
    expect(await records.claim(runId, { by: 'bob', redrive: 'redrive-y/1' })).toBe(false);
    const first = await attempt();
    expect(first).toMatchObject({ done: 2, taken: 0, failed: [], left: 1 });
    expect(await attempt()).toEqual(first);
    const { items: rest } = await client.dlq.list({ fingerprint });
    expect(rest).toEqual([open]);
    const ids = ['half-71', 'half-72', 'half-73'].filter((one) => one !== open!.taskId);
    await resultsOf(ids);
    expect(calls).toHaveLength(5);
    await client.dlq.discard(open!.taskId);
  });

  it('takes no more runs than it is told', async () => {
    broken = 'at most two';
    const { dlq } = shared.world.client;
    const fingerprint = await failedTasks('most', [81, 82, 83]);
    mend();
    const redrive = await dlq.redriveAll({ fingerprint }, { limit: 2 });
    expect(await redrive.result()).toMatchObject({ done: 2, left: 0 });
    const { items } = await dlq.list({ fingerprint });
    expect(items).toHaveLength(1);
    await dlq.discard(items[0]!.taskId);
  });
});

describe('a redrive of what has been started again past it', () => {
  it('is refused while that goes on and when it has succeeded; the letter stays open with the reason', async () => {
    broken = 'started again';
    const fingerprint = await failedTasks('past', [91]);
    broken = ENDLESS;
    const { dlq, tasks } = shared.world.client;
    const args = ['samples.addOne', { data: 91 }];
    const given = { workflowId: 'past-91', taskQueue: queues.workflows, args };
    await shared.world.temporal.client.workflow.start('runTask', given);
    await eventually(() => calls.length === 2);
    await expect(dlq.redrive('past-91')).rejects.toMatchObject({ type: 'RunNotOver' });
    const redrive = await dlq.redriveAll({ fingerprint });
    const reason = "The task 'past-91' is still going on.";
    expect(await redrive.result()).toMatchObject({ done: 0, failed: 1, reasons: [{ workflowId: 'past-91', reason }] });
    expect(await dlq.get('past-91')).toMatchObject({ resolved: false, requeuedAt: null, reason });
    mend();
    expect(await tasks.get('past-91').result()).toBe(92);
    await expect(dlq.redrive('past-91')).rejects.toMatchObject({ type: 'NothingFailed' });
    expect(calls).toHaveLength(2);
    await dlq.resolve('past-91');
  });
});

describe('a filter of a redrive', () => {
  it('that matches nothing starts nothing', async () => {
    const redrive = await shared.world.client.dlq.redriveAll({ task: 'samples.nobody' });
    expect(await redrive.result()).toMatchObject({ done: 0, left: 0, failed: 0 });
  });

  it.each([{}, { fingerprint: undefined }])('without a field is refused: %j', async (filter) => {
    const { dlq } = shared.world.client;
    await expect(dlq.redriveAll(filter)).rejects.toThrow('filter: expected one field at least');
    await expect(dlq.getRedrive('redrive-all').show()).rejects.toThrow("'redrive-all' is known");
    expect(await dlq.dryRun(filter)).toMatchObject({ runs: expect.any(Number) as number });
  });

  it('without a field redrives every open letter when that is said', async () => {
    broken = 'everything';
    const { dlq } = shared.world.client;
    await fail(shared.world, 'every-one', 1);
    const { total } = await dlq.list();
    mend();
    const redrive = await dlq.redriveAll({}, { all: true, perSecond: 100 });
    expect(redrive.id).toBe('redrive-all');
    const { done, failed, quarantined } = await redrive.result();
    expect(done + failed + quarantined).toBe(total);
    expect(await dlq.get('every-one')).toMatchObject({ resolved: true });
  });
});
