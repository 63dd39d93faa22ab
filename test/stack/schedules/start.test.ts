/** What a start of the stack does for schedules, with the real worker behind them. */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scheduleEntries } from '../../../schedules/entries.ts';
import { createScheduleLedger } from '../../../services/schedules/postgres.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';
import { eventually } from '../../integration/schedules/world.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack({ env: { SCHEDULES_SYNC: 'true' } });
});
afterAll(() => world.stop());

describe('BEAT-25 a start of the stack', () => {
  it('brings the server to the schedules of code', async () => {
    // Listings of the server lag behind.
    const views = await eventually(
      () => world.client.schedules.list(),
      (found) => found.length === scheduleEntries.length,
    );
    expect(views.map(({ id, origin }) => `${origin} ${id}`)).toEqual(
      scheduleEntries.map(({ id }) => `code ${id}`).sort(),
    );
  });

  it('BEAT-24 the worker audits them', async () => {
    await world.client.schedules.trigger('audit-schedules');
    const ledger = createScheduleLedger(world.database);
    await eventually(
      () => ledger.marks(),
      (marks) => marks.length === scheduleEntries.length,
    );
    expect((await ledger.marks()).map(({ scheduleId }) => scheduleId).sort()).toEqual(
      scheduleEntries.map(({ id }) => id).sort(),
    );
  });

  it('BEAT-1 the worker runs what they start', async () => {
    await world.client.schedules.trigger('cleanup-temp-files');
    const { recent } = await eventually(
      () => world.client.schedules.describe('cleanup-temp-files'),
      ({ counts, running }) => counts.started === 1 && running.length === 0,
    );
    const workflowId = recent[0]?.workflowId ?? '';
    expect(workflowId).toMatch(/^cleanup-temp-files-/);
    const connection = await Connection.connect({ address: world.stack.addresses.temporal });
    const { status } = await new Client({ connection }).workflow.getHandle(workflowId).describe();
    await connection.close();
    expect(status.name).toBe('COMPLETED');
  });
});
