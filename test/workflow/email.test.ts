import { CancelledFailure, type WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkProgress, emailMessages, type UserMailing } from '../../contracts/email/vocabulary.ts';
import type { DigestSliceInput, SendBulkChunkInput } from '../../contracts/email/schema.ts';
import { startScenario } from '../support/scenarios/scenario.ts';
import { emailScenarios as scenarios } from '../support/scenarios/email.ts';
import type { ScriptedEmail } from '../support/scripted/email.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

type Name = keyof typeof scenarios;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal({ suggestContinueAsNewAt: 150 });
});
afterAll(() => temporal.stop());

interface Ran {
  readonly result: unknown;
  readonly error: unknown;
  readonly world: ScriptedEmail;
  /** What a bulk says of itself at its end. */
  readonly progress: BulkProgress | undefined;
}

async function run(name: Name): Promise<Ran> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    const [settled] = await Promise.allSettled([handle.result()]);
    const progress = name.startsWith('send-bulk')
      ? await temporal.client.workflow.getHandle(handle.workflowId).query<BulkProgress>(emailMessages.progress)
      : undefined;
    if (settled.status === 'fulfilled') return { result: settled.value as unknown, error: undefined, world, progress };
    return { result: undefined, error: settled.reason as unknown, world, progress };
  });
}

const typeOf = (error: unknown): unknown => (error as WorkflowFailedError).cause;

describe('sendBulkEmails', () => {
  it('EMAIL-4 prepares, sends chunks of 500 side by side, and lists the outcomes', async () => {
    const { result, world, progress } = await run('send-bulk-emails.success');
    expect(result).toMatchObject({ status: 'finished', total_emails: 1_200, sent: 1_200 });
    const chunks = world.callsOf('email.sendBulkChunk') as SendBulkChunkInput[]; // what the script was given
    expect(chunks.map(({ first, count, round }) => [first, count, round]).sort()).toEqual([
      [0, 500, 1],
      [1000, 200, 1],
      [500, 500, 1],
    ]);
    // The text travels once, in the start; chunks carry references.
    expect(JSON.stringify(chunks)).not.toContain('News');
    expect(progress).toMatchObject({ phase: 'finished', total: 1_200, sent: 1_200, deferred: 0 });
  });

  it('RETRY-2 who asks to wait is tried again in a later round, the others are not', async () => {
    const { world, progress } = await run('send-bulk-emails.deferred');
    const chunks = world.callsOf('email.sendBulkChunk') as SendBulkChunkInput[]; // what the script was given
    expect(chunks.map(({ first, round }) => [first, round]).sort()).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [500, 1],
    ]);
    expect(progress).toMatchObject({ sent: 600, failed: 0, deferred: 0, round: 3 });
  });

  it('RETRY-2 gives up after six rounds and counts each recipient once', async () => {
    const { world, progress } = await run('send-bulk-emails.given-up');
    expect(world.callsOf('email.sendBulkChunk')).toHaveLength(6);
    expect(progress).toMatchObject({ sent: 1, failed: 2, deferred: 0, round: 6 });
  });

  it('a mail server that comes back is waited for', async () => {
    const { result, world } = await run('send-bulk-emails.retried');
    expect(result).toMatchObject({ sent: 3 });
    expect(world.callsOf('email.sendBulkChunk')).toHaveLength(3);
  });

  it('a missing attachment fails before anything is sent', async () => {
    const { error, world } = await run('send-bulk-emails.failed');
    expect(typeOf(error)).toMatchObject({ type: 'AttachmentMissing', nonRetryable: true });
    expect(world.callsOf('email.sendBulkChunk')).toEqual([]);
  });

  it('stops on cancel and lists what was sent until then', async () => {
    const { error, world, progress } = await run('send-bulk-emails.cancelled');
    expect(typeOf(error)).toBeInstanceOf(CancelledFailure);
    expect(world.callsOf('email.finishBulk')).toHaveLength(1);
    expect(progress).toMatchObject({ phase: 'cancelled', sent: 500 });
  });

  it('carries on as a new run when the history grows, each chunk once', async () => {
    const { result, world } = await run('send-bulk-emails.continued-as-new');
    expect(result).toMatchObject({ total_emails: 30_000 });
    const chunks = world.callsOf('email.sendBulkChunk') as SendBulkChunkInput[]; // what the script was given
    const first = chunks.filter(({ round }) => round === 1).map(({ first: place }) => place);
    expect(first.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n * 500));
    expect(chunks.filter(({ round }) => round === 2)).toHaveLength(1);
    expect(world.callsOf('email.prepareBulk')).toHaveLength(1);
    const history = await temporal.client.workflow.getHandle('test-send-bulk-emails.continued-as-new').fetchHistory();
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).toBeTruthy();
    // The list of the start does not travel again.
    expect(Buffer.from(started?.input?.payloads?.[0]?.data ?? []).toString()).not.toContain('a@example.com');
  });
});

describe('onboardUser', () => {
  it('EMAIL-5 BP-1 is composed of small tasks: profile, then welcome and verification', async () => {
    const { result, world } = await run('onboard-user.success');
    expect(result).toEqual({ status: 'onboarded', user_id: 'user-1', created: true });
    const tasks = world.calls.map(([task]) => task);
    expect(tasks[0]).toBe('email.createUserProfile');
    expect(tasks.slice(1).sort()).toEqual(['email.sendVerification', 'email.sendWelcome']);
  });

  it('DLQ-2 a redriven one has the results of its run before, read in pieces, and does the rest', async () => {
    const { result, world } = await run('onboard-user.redriven');
    expect(result).toEqual({ status: 'onboarded', user_id: 'user-1', created: false });
    const tasks = world.calls.map(([task]) => task);
    expect(tasks).toEqual(['dlq.readSteps', 'dlq.readSteps', 'dlq.readSteps', 'email.sendVerification']);
    expect(world.callsOf('dlq.readSteps')).toEqual([0, 1, 2].map((piece) => ({ runId: 'the-run-before', piece })));
  });

  it('without a token nobody is asked to verify, and a refused address is told', async () => {
    const { error, world } = await run('onboard-user.failed');
    expect(typeOf(error)).toMatchObject({ type: 'RecipientRejected' });
    expect(world.callsOf('email.sendVerification')).toEqual([]);
  });
});

describe('mailings over all users', () => {
  it('EMAIL-6 the digest goes over all users in slices and tells of seven whole days', async () => {
    const { result, world } = await run('send-weekly-digest.success');
    expect(result).toEqual({ status: 'finished', users: 1_100, sent: 1_100, failed: 0, duplicates: 0, deferred: 0 });
    const slices = world.callsOf('email.sendDigests') as DigestSliceInput[]; // what the script was given
    expect(slices.map(({ after, round }) => [after, round])).toEqual([
      ['', 1],
      ['500', 1],
      ['1000', 1],
      ['', 2],
    ]);
    expect(new Set(slices.map(({ from, until }) => Date.parse(until) - Date.parse(from)))).toEqual(
      new Set([7 * 86_400_000]),
    );
    expect(slices[0]?.until).toMatch(/T00:00:00\.000Z$/);
  });

  it('EMAIL-6 carries on as a new run when the history grows, with the week it began with', async () => {
    const { result, world } = await run('send-weekly-digest.continued-as-new');
    expect((result as UserMailing).users).toBe(20_000);
    const slices = world.callsOf('email.sendDigests') as DigestSliceInput[]; // what the script was given
    expect(slices).toHaveLength(41);
    expect(new Set(slices.map(({ from }) => from)).size).toBe(1);
  });

  it('EMAIL-7 reminders go over inactive users; a wrong password is told at once', async () => {
    const { result } = await run('send-inactive-reminders.success');
    expect(result).toMatchObject({ users: 2, sent: 2 });
    const { error, world } = await run('send-inactive-reminders.failed');
    expect(typeOf(error)).toMatchObject({ type: 'EmailAuthFailed', nonRetryable: true });
    expect(world.callsOf('email.sendReminders')).toHaveLength(1);
  });
});

describe('a single message', () => {
  it('EMAIL-1 runs as a task of its own, is tried again, and fails for good where that is of no use', async () => {
    expect((await run('send-email.success')).result).toMatchObject({ status: 'sent', recipient: 'a@example.com' });
    const retried = await run('send-email.retried');
    expect(retried.result).toMatchObject({ status: 'sent' });
    expect(retried.world.calls).toHaveLength(3);
    expect(typeOf((await run('send-email.failed')).error)).toMatchObject({ type: 'RecipientRejected' });
  });
});
