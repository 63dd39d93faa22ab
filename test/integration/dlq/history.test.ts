/** What was done about runs that failed, failed again and were closed: nothing of it is lost. */
import { describe, expect, it } from 'vitest';
import type { DeadLetterEvent } from '../../../client/index.ts';
import { createDeadLetterRecords } from '../../../services/dlq/records.ts';
import { createDeadLetterRecorder } from '../../../services/dlq/recorder.ts';
import { lettersOf } from '../../../workers/dlq/letters.ts';
import { failedRun } from '../../support/dlq.ts';
import { scriptReports } from '../../support/scripted/reports.ts';
import { breakable, failed, ofDeadLetters } from './redriving.ts';
import { brokenTask, fail, letterOf, useDeadLetters } from './world.ts';

const shared = useDeadLetters();

const historyOf = async (id: string): Promise<readonly DeadLetterEvent[]> =>
  (await shared.world.client.dlq.get(id)).history;

/** The newest run of an id, once it has failed and its letter is open. */
async function runOfLetter(id: string): Promise<string> {
  const { runId, ...letter } = await letterOf(shared.world, id);
  expect(letter).toMatchObject({ workflowId: id });
  return runId;
}

describe('the history of a letter', () => {
  it('DLQ-4 holds each redrive of a pipeline: who, when, why, from which run to which', async () => {
    const broken = breakable(scriptReports().activities, { failing: 'email.send' });
    const activities = { ...broken.activities, ...ofDeadLetters(shared.world) };
    await shared.world.temporal.withWorkers(activities, async () => {
      const begun = new Date().toISOString();
      const id = await failed(shared.world, 'reportPipeline', ['2026-10-01', '2026-10-31']);
      const first = await runOfLetter(id);
      expect(await historyOf(id)).toEqual([]);
      await shared.world.client.dlq.redrive(id, { by: 'ada', reason: 'the server is back' });
      const second = await runOfLetter(id);
      await shared.world.client.dlq.resolve(id, { by: 'bob', reason: 'sent by hand' });
      const done = await historyOf(id);
      const from = (runId: string) => ({ workflowId: id, runId });
      expect(done).toEqual([
        {
          ...{ what: 'redriven', at: expect.any(String) as string, by: 'ada', reason: 'the server is back' },
          ...{ from: from(first), to: from(second), redrive: null },
        },
        {
          ...{ what: 'resolved', at: expect.any(String) as string, by: 'bob', reason: 'sent by hand' },
          ...{ from: from(second), to: null, redrive: null },
        },
      ]);
      expect(done.map(({ at }) => at).toSorted()).toEqual(done.map(({ at }) => at));
      expect(done.every(({ at }) => at >= begun)).toBe(true);
    });
  });

  it('leads back over all runs that a single task repeats, and holds what was refused', async () => {
    const { script } = brokenTask('away');
    await shared.world.withWorkers(
      async () => {
        await fail(shared.world, 'thrice', 7);
        const wrong = shared.world.client.dlq.redrive('thrice', { by: 'eve', input: { data: 'seven' } });
        await expect(wrong).rejects.toThrow(/data/);
        const { id: second } = await shared.world.client.dlq.redrive('thrice', { by: 'ada' });
        await letterOf(shared.world, second);
        const { id: third } = await shared.world.client.dlq.redrive(second, { by: 'bob' });
        await letterOf(shared.world, third);
        const done = await historyOf(third);
        expect(done).toMatchObject([
          { what: 'refused', by: 'eve', reason: expect.stringMatching(/data/) as string, to: null },
          { what: 'redriven', by: 'ada', from: { workflowId: 'thrice' }, to: { workflowId: second, runId: null } },
          { what: 'redriven', by: 'bob', from: { workflowId: second }, to: { workflowId: third } },
        ]);
        expect(await historyOf('thrice')).toHaveLength(2);
      },
      { script },
    );
  });

  it('names the redrive of many, once for a run with many letters, and belongs to the letter that was closed', async () => {
    const { db } = shared.world.database;
    const records = createDeadLetterRecords(db);
    const run = { workflowId: 'canvas-1', runId: 'canvas-run-1' };
    const letters = ['one', 'two', 'three'].flatMap((id) => lettersOf({ ...failedRun(id), ...run }, 'build-1'));
    await createDeadLetterRecorder(db).record(run.runId, letters, []);
    await records.close('one', 'discarded', { by: 'bob' });
    const claiming = { by: 'ada', redrive: 'redrive-1/run' };
    expect(await records.claim(run.runId, claiming)).toBe(true);
    await records.redriven(run.runId, { workflowId: 'canvas-2', runId: undefined }, claiming);
    expect((await historyOf('one')).map(({ what }) => what)).toEqual(['discarded', 'redriven']);
    expect(await historyOf('two')).toMatchObject([
      { what: 'redriven', by: 'ada', redrive: 'redrive-1/run', from: run },
    ]);
  });

  it('notes nothing where nobody had taken the letters', async () => {
    const records = createDeadLetterRecords(shared.world.database.db);
    const to = { workflowId: 'other', runId: undefined };
    await records.redriven('no-such-run', to, { by: 'ada' });
    await records.release('no-such-run', 'why', { by: 'ada' });
    const { rows } = await shared.world.database.db.query<{ n: number }>(
      `select count(*)::int as n from dead_letter_history where from_run = 'no-such-run'`,
    );
    expect(rows[0]?.n).toBe(0);
  });
});
