/** Compares the redrive of failed pipelines, which runs their last step, with running them anew. */
import { rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { runWindow, sourceOf } from '../../concurrency/window.ts';
import { queues } from '../../contracts/queues/names.ts';
import { atMost, type BenchContext, type Measured, type Section } from '../section.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { timed } from '../timing.ts';

/** The section on redrives. */
export const redrive: Section = { name: 'redrive', title: 'Redrive', run: measure };

const STEPS = 10;

async function measure(context: BenchContext): Promise<Measured> {
  const count = context.quick ? 100 : 1_000;
  const worker = fileURLToPath(new URL('redrive-worker.ts', import.meta.url));
  return withStack(context, { roots: [], entries: { worker } }, async (stack) => {
    const connection = await Connection.connect({ address: stack.temporal });
    try {
      return await compare(context, stack, new Client({ connection }), count);
    } finally {
      await connection.close();
    }
  });
}

async function compare(
  { log, signal }: BenchContext,
  { client, stateDir }: BenchStack,
  temporal: Client,
  count: number,
): Promise<Measured> {
  const [calls, away] = [path.join(stateDir, 'calls'), path.join(stateDir, 'away')];
  const called = async (): Promise<number> => (await stat(calls).catch(() => ({ size: 0 }))).size;
  const all = (name: string): readonly string[] => Array.from({ length: count }, (_, n) => `${name}-${String(n)}`);
  const start = (names: readonly string[]): Promise<void> =>
    runWindow<string>({
      limit: 50,
      next: sourceOf(names),
      work: async (workflowId) => {
        const first = Number(workflowId.split('-').at(-1)) * STEPS;
        await temporal.workflow.start('tenSteps', { workflowId, taskQueue: queues.workflows, args: [first] });
      },
    });
  const ended = (names: readonly string[]) =>
    Promise.all(names.map((name) => temporal.workflow.getHandle(name).result()));

  log.step(`${String(count)} pipelines that fail in their last step`);
  await writeFile(away, '');
  await start(all('failed'));
  while ((await client.dlq.list({}, { limit: 1 })).total < count) await sleep(500, undefined, { signal });
  await rm(away);

  log.step('Their redrive');
  const before = await called();
  const ours = await timed(async () => {
    const redrive = await client.dlq.redriveAll({}, { all: true, perSecond: 1_000, by: 'the benchmark' });
    const { done } = await redrive.result();
    if (done !== count) throw new Error(`expected ${String(count)} redrives, got ${String(done)}`);
    await ended(all('failed'));
  });
  const again = (await called()) - before;

  log.step('As many pipelines anew');
  const anew = all('anew');
  const theirs = await timed(async () => {
    await start(anew);
    await ended(anew);
  });
  return reported({ count, again, ours, theirs });
}

function reported({
  count,
  again,
  ours,
  theirs,
}: Readonly<Record<'count' | 'again' | 'ours' | 'theirs', number>>): Measured {
  return {
    rows: [
      {
        what: `steps executed again, ${String(count)} pipelines`,
        ours: String(again),
        peer: String(count * STEPS),
        ratio: again / count,
        target: atMost(1),
      },
      {
        what: `time of ${String(count)} pipelines`,
        ours: `${ours.toFixed(1)} s`,
        peer: `${theirs.toFixed(1)} s`,
        ratio: theirs / ours,
      },
    ],
    how: `Ours is \`client.dlq.redriveAll\` over ${String(count)} pipelines of ${String(STEPS)} steps of which the last one had failed, from its call to the end of the last pipeline; the peer is the start of as many pipelines anew, until the last has ended. The ratio of steps is per pipeline: 1 is the step that had failed and no other. Both use one worker, the Temporal server and PostgreSQL.`,
    details: [],
  };
}
