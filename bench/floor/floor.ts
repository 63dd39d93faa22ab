/**
 * Measures the time that the server and the SDK need by themselves: the scenarios of the canvas benchmark as bare
 * workflows with one activity for each call.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { PARENT_VARIABLE } from '../../stack/processes/child-env.ts';
import { startProcess } from '../../stack/processes/process-handle.ts';
import { CALLS_AT_ONCE, CHORDS_AT_ONCE, expectSame, inWindow, MEMBERS } from '../canvas/ours.ts';
import type { CeleryScenario } from '../celery/peer.ts';
import type { BenchContext } from '../section.ts';
import { WORKFLOWS_QUEUE } from './names.ts';
import type { bareCall, bareChain, bareChord, bareGroup } from './workflows.ts';

/** One scenario, measured from the call to the last result. */
export interface FloorRun {
  readonly seconds: number;
  /** Duration of each call in milliseconds, in ascending order; empty unless calls are made one after the other. */
  readonly laps: readonly number[];
}

/** Runs scenarios without the product. */
export interface Floor {
  run(scenario: CeleryScenario, count: number): Promise<FloorRun>;
}

const TSX = import.meta.resolve('tsx');
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const FOLLOW_PARENT = fileURLToPath(new URL('../../stack/processes/follow-parent.ts', import.meta.url));
const STOP_GRACE_MS = 5000;

type Laps = Promise<readonly number[]>;

/** Starts a bare worker beside that of the product, runs `body`, and stops the worker even when it fails. */
export async function withFloor<T>(
  { folder }: Pick<BenchContext, 'folder'>,
  address: string,
  body: (floor: Floor) => Promise<T>,
): Promise<T> {
  const worker = await startProcess({
    file: process.execPath,
    args: ['--import', TSX, FOLLOW_PARENT, WORKER, address],
    env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
    logFile: path.join(folder, 'floor.log'),
    channel: true,
  });
  const connection = await Connection.connect({ address });
  const runs = scenariosOf(new Client({ connection }));
  try {
    return await body({
      run: async (scenario, count) => {
        const startedAt = performance.now();
        const laps = await runs[scenario](count);
        return { seconds: (performance.now() - startedAt) / 1000, laps: laps.toSorted((a, b) => a - b) };
      },
    });
  } finally {
    await connection.close();
    await worker.stop(STOP_GRACE_MS);
  }
}

function scenariosOf({ workflow }: Client): Readonly<Record<CeleryScenario, (count: number) => Laps>> {
  const execute = async (type: string, n: number, wanted: number): Promise<void> => {
    const options = { taskQueue: WORKFLOWS_QUEUE, workflowId: randomUUID(), args: [n] as [number] };
    expectSame(wanted, await workflow.execute<Bare>(type, options));
  };
  const once = async (type: string, n: number, wanted: number): Laps => {
    await execute(type, n, wanted);
    return [];
  };
  return {
    group: (count) => once('bareGroup', count, count),
    chord: (count) => once('bareChord', count, (count * (count + 1)) / 2),
    chain: (count) => once('bareChain', count, count),
    calls: async (count) => {
      await inWindow(count, CALLS_AT_ONCE, (n) => execute('bareCall', n, n + 1));
      return [];
    },
    chords: async (count) => {
      await inWindow(count, CHORDS_AT_ONCE, () => execute('bareChord', MEMBERS, (MEMBERS * (MEMBERS + 1)) / 2));
      return [];
    },
    'round-trip': async (count) => {
      const laps: number[] = [];
      for (let n = 0; n < count; n += 1) {
        const startedAt = performance.now();
        await execute('bareCall', n, n + 1);
        laps.push(performance.now() - startedAt);
      }
      return laps;
    },
  };
}

/** The type of the bare workflows, each of which takes and returns a number. */
type Bare = typeof bareCall | typeof bareChain | typeof bareChord | typeof bareGroup;
