/**
 * Kills a worker in the middle of a group and counts lost tasks, repeated tasks and the seconds until the group ends.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { expectSame } from './ours.ts';
import { callOf, groupOf } from './signatures.ts';
import { countBegun, openTraces, readTraces, SLEEP_MS, type Traces, TRACES_FOLDER } from './traces.ts';
import { pinned } from '../celery/install.ts';
import { type CelerySettings, type CelerySleeps, withCelery } from '../celery/peer.ts';
import type { BenchContext, Measured, NotMeasured, Section, Row, Target } from '../section.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { median } from '../timing.ts';

/** The section on the cost of a killed worker. */
export const canvasKill: Section = {
  name: 'canvas-kill',
  title: 'A worker killed in the middle of a group',
  run: measure,
};

/** Celery's default prefetch multiplier; a larger value would only increase the tasks that Celery loses. */
const PREFETCH = 4;
const GROUP = { full: 200, quick: 40 } as const;
/** Longest time that the peer is watched after the kill, in seconds. */
const WATCH = { full: 120, quick: 25 } as const;
/** Share of the tasks that have begun when the worker is killed. */
const SHARE_BEFORE = 1 / 3;
const LOOK_MS = 20;
/**
 * Highest ratio of the disturbed to the undisturbed time, to which one heartbeat time-out is added for noticing the
 * death.
 */
const LIMIT = 1.5;
const HEARTBEAT_S = sampleTasks.processFile.limits.heartbeatMs / 1000;

interface OurKill {
  readonly undisturbed: number;
  readonly seconds: number;
  readonly traces: Traces;
}

interface CelerySetting {
  readonly name: string;
  readonly settings: CelerySettings;
}

const SETTINGS: readonly CelerySetting[] = [
  { name: 'Celery, default settings', settings: { prefetch: PREFETCH } },
  {
    name: 'Celery, acks_late, reject_on_worker_lost, visibility time-out 10 s, restored every second',
    settings: { prefetch: PREFETCH, safest: true },
  },
];

async function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  const count = context.quick ? GROUP.quick : GROUP.full;
  const peers: (CelerySetting & { readonly found: CelerySleeps })[] = [];
  for (const setting of SETTINGS) {
    const found = await withCelery(context, setting.settings, (peer) => {
      context.log.step(`${setting.name}: killing its worker`);
      return peer.sleeps({ count, seconds: context.quick ? WATCH.quick : WATCH.full, kill: true });
    });
    if ('missing' in found) return found;
    peers.push({ ...setting, found });
  }
  const worker = fileURLToPath(new URL('sleep-worker.ts', import.meta.url));
  const kills = await withStack(context, { roots: [context.folder], entries: { worker } }, async (stack) => {
    await runGroup(stack, 'warm-up', 10);
    const found: OurKill[] = [];
    for (let round = 0; round < context.rounds; round += 1) found.push(await killOnce(context, stack, count, round));
    return found;
  });
  return report(context, count, kills, peers);
}

async function killOnce({ log }: BenchContext, stack: BenchStack, count: number, round: number): Promise<OurKill> {
  log.step(`Ours, round ${String(round + 1)}: undisturbed`);
  const undisturbed = await runGroup(stack, `calm-${String(round)}`, count);
  log.step(`Ours, round ${String(round + 1)}: killing the worker`);
  const folder = tracesOf(stack);
  const before = await countBegun(folder);
  const running = runGroup(stack, `killed-${String(round)}`, count);
  running.catch(() => undefined); // The promise is awaited below.
  while ((await countBegun(folder)) - before < count * SHARE_BEFORE) await sleep(LOOK_MS);
  stack.killWorker();
  const seconds = await running;
  const traces = await readTraces(folder, `killed-${String(round)}-`);
  return { undisturbed, seconds, traces };
}

const tracesOf = (stack: BenchStack): string => path.join(stack.stateDir, TRACES_FOLDER);

/** Runs a group of sleeping tasks, checks its result and returns the seconds it took. */
async function runGroup(stack: BenchStack, name: string, count: number): Promise<number> {
  await openTraces(tracesOf(stack));
  const keys = Array.from({ length: count }, (_, n) => `${name}-${String(n)}`);
  const startedAt = performance.now();
  const got = await stack.runCanvas(groupOf(keys.map((key) => callOf(sampleTasks.processFile.name, key))));
  expectSame(
    keys.map((key) => ({ file_id: key, status: 'processed' })),
    got,
  );
  return (performance.now() - startedAt) / 1000;
}

function report(
  { rounds }: BenchContext,
  count: number,
  kills: readonly OurKill[],
  peers: readonly (CelerySetting & { readonly found: CelerySleeps })[],
): Measured {
  const [calm, killed] = [median(kills.map((kill) => kill.undisturbed)), median(kills.map(({ seconds }) => seconds))];
  const effects = Math.min(...kills.map(({ traces }) => traces.effects));
  const sum = (pick: (traces: Traces) => number): number => kills.reduce((all, { traces }) => all + pick(traces), 0);
  const limit: Target = {
    text: `≤ ${String(LIMIT)} and the heartbeat time-out of ${String(HEARTBEAT_S)} s`,
    holds: () => killed <= calm * LIMIT + HEARTBEAT_S,
  };
  const all: Target = { text: 'all', holds: () => effects === count };
  const rows: readonly Row[] = [
    {
      what: `group of ${String(count)} tasks of ${String(SLEEP_MS)} ms, worker killed, against the same undisturbed`,
      ours: `${killed.toFixed(1)} s`,
      peer: `${calm.toFixed(1)} s`,
      ratio: killed / calm,
      target: limit,
    },
    {
      what: 'tasks that have had their effect, each once',
      ours: String(effects),
      peer: String(count),
      ratio: effects / count,
      target: all,
    },
  ];
  const ours = `| Perennial, as it comes | ${String(effects)} | 0 | 0 | ${String(sum(({ begunTwice }) => begunTwice))} | ${String(sum(({ doneTwice }) => doneTwice))} | ${killed.toFixed(1)} s |`;
  const table = [
    '| settings | finished | lost for good | stuck | begun twice | run to the end twice | result of the group after |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...peers.map(peerLine),
    ours,
  ].join('\n');
  return { rows, how: howOf(rounds), details: [table] };
}

function peerLine({ name, found }: CelerySetting & { readonly found: CelerySleeps }): string {
  const { finished, lost, stuck, begunTwice, doneTwice, finishedAfter, seconds } = found;
  const after =
    finishedAfter === null ? `never (watched for ${seconds.toFixed(0)} s)` : `${finishedAfter.toFixed(1)} s`;
  return `| ${[name, finished, lost, stuck, begunTwice, doneTwice, after].map(String).join(' | ')} |`;
}

function howOf(rounds: number): string {
  return [
    `The worker and all its processes are killed with SIGKILL when a third of the tasks have been begun. Ours runs two tasks at once, and the supervisor starts its worker again; times are medians of the rounds (${String(rounds)}) and counts are sums over them; the peer of the first row is the same group undisturbed.`,
    `Celery ${pinned('celery')} runs \`prefork -c 2\`, with a new worker one second after the kill; stuck tasks are those that wait for the visibility time-out (an hour unless set).`,
    'A task notes that it begins, sleeps, has its effect (claims its business key), and notes its end. An activity runs at least once: what was under way when the worker died is begun again, and its business key keeps its effect single.',
  ].join(' ');
}
