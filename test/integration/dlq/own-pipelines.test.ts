/** Which steps the redrive of a pipeline of an application does again: the cases that the pipelines of the product do not have. */
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { PARKED } from '../../../contracts/breakers/vocabulary.ts';
import { bundleOf } from '../../support/servers/bundle.ts';
import { failed, ofDeadLetters } from './redriving.ts';
import { letterOf, useDeadLetters } from './world.ts';

/** `imports.parse` stands for a task that no redrive keeps, as its row says. */
const OWN = `
import { ApplicationFailure, continueAsNew, executeChild, workflowInfo } from '@temporalio/workflow';
import { tasks } from '../../../workflows/calls/index.ts';
import { firstRunId } from '../../../workflows/calls/kept-steps.ts';

const { addOne, double, square, subtractFive } = tasks.samples;
const unkept = () => tasks.imports.parse({});

export async function twoSteps(n: number): Promise<number> {
  const first = await addOne({ data: n });
  return await addOne({ data: first + 100 });
}

export async function threeParts(part: number, sum: number): Promise<number> {
  const one = await addOne({ data: part * 10 });
  const two = await executeChild(twoSteps, { args: [part * 1_000] });
  return part < 3 ? continueAsNew<typeof threeParts>(part + 1, sum + one + two) : sum + one + two;
}

export async function undoesWhatItDid(): Promise<number> {
  await unkept();
  const reserved = await addOne({ data: 1 });
  try {
    return await square({ data: reserved });
  } catch (error) {
    await subtractFive({ data: reserved });
    throw error;
  }
}

export async function twoLanes(): Promise<number> {
  const lane = async (...inputs: readonly number[]) => {
    for (const data of inputs) await addOne({ data });
  };
  const ends = await Promise.allSettled([lane(1), lane(2, 3)]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return ends.length;
}

export async function decides(): Promise<number> {
  const one = await addOne({ data: 1 });
  const two = await double({ data: one });
  if (two > 100) throw ApplicationFailure.nonRetryable('expected 100 at most');
  return two;
}

export async function decidesByWhatIsNotKept(): Promise<number> {
  const one = await addOne({ data: 1 });
  const most = await unkept();
  if (one > most) throw ApplicationFailure.nonRetryable('expected less');
  return await double({ data: one });
}

export async function asksForTheSameTwice(): Promise<readonly number[]> {
  let first = -1;
  try {
    first = await addOne({ data: 1 });
  } catch {}
  const second = await addOne({ data: 1 });
  await square({ data: 1 });
  return [first, second];
}

export async function sameInEachPart(part: number, got: readonly number[]): Promise<readonly number[]> {
  const one = await addOne({ data: 1 });
  await square({ data: part });
  const all = [...got, one];
  return part < 3 ? continueAsNew<typeof sameInEachPart>(part + 1, all) : all;
}

export async function hasParts(): Promise<readonly number[]> {
  await executeChild(twoSteps, { args: [1_000] });
  return await executeChild(sameInEachPart, { args: [1, []] });
}

export async function tellsWhoItIs(): Promise<readonly string[]> {
  await addOne({ data: 1 });
  return [firstRunId(), workflowInfo().runId];
}

export async function hasOne(): Promise<readonly string[]> {
  return await executeChild(tellsWhoItIs);
}
`;

const shared = useDeadLetters();
/** What was called, such as `addOne 1`. */
const calls: string[] = [];
/** What a task gives; the test says it. */
let act: (call: string) => number = () => 0;
let stop: () => Promise<void>;
beforeAll(async () => {
  const called = (name: string, number: number | undefined): Promise<number> => {
    const call = number === undefined ? name : `${name} ${number}`;
    calls.push(call);
    return Promise.resolve(act(call));
  };
  const names = ['samples.addOne', 'samples.double', 'samples.square', 'samples.subtractFive', 'imports.parse'];
  const scripted = names.map((name) => [
    name,
    async ({ data }: { readonly data?: number }) => called(name.replace(/^.*\./, ''), data),
  ]);
  const activities = { ...ofDeadLetters(shared.world), ...Object.fromEntries(scripted) } as Activities;
  stop = await shared.world.temporal.keepWorkers(activities, await bundleOf(OWN));
});
afterAll(() => stop());
beforeEach(() => {
  calls.length = 0;
  act = () => 7;
});

/** Breaks a call, or several; every other one gives a number. */
function broken(names: readonly string[], gives: (call: string) => number = () => 7): void {
  act = (call) => {
    if (names.includes(call)) throw ApplicationFailure.nonRetryable(`${call} is broken`, 'PathNotAllowed');
    return gives(call);
  };
}

const fail = (workflow: string, args: readonly unknown[] = []) => failed(shared.world, workflow, args);

/** Redrives a run. Returns what it gave, or `undefined` where it failed again, and what was called. */
async function redriven(id: string): Promise<{ readonly result: unknown; readonly calls: readonly string[] }> {
  calls.length = 0;
  await shared.world.client.dlq.redrive(id, { by: 'ada' });
  const result: unknown = await shared.world.temporal.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
  if (result === undefined) await letterOf(shared.world, id);
  return { result, calls: [...calls] };
}

describe('DLQ-4 the redrive of a pipeline of an application', () => {
  it('goes on with its last part, and its child with the step that failed', async () => {
    const plus = (call: string): number => Number(call.replace('addOne ', '')) + 1;
    broken(['addOne 3101'], plus);
    const id = await fail('threeParts', [1, 0]);
    act = plus;
    expect(await shared.world.client.dlq.get(id)).toMatchObject({ stepPath: 'threeParts/twoSteps/samples.addOne' });
    const { result, calls: again } = await redriven(id);
    expect(result).toBe(11 + 1_102 + 21 + 2_102 + 31 + 3_102);
    expect(again).toEqual(['addOne 3101']);
  });

  it('undoes again what it does again, and does again what no redrive keeps', async () => {
    broken(['square 7']);
    const id = await fail('undoesWhatItDid');
    expect(calls).toEqual(['parse', 'addOne 1', 'square 7', 'subtractFive 7']);
    expect(await redriven(id)).toEqual({ result: undefined, calls: ['parse', 'square 7', 'subtractFive 7'] });
    act = () => 7;
    expect(await redriven(id)).toEqual({ result: 7, calls: ['parse', 'square 7'] });
  });

  it('keeps what other lanes did after the failure', async () => {
    broken(['addOne 1']);
    const id = await fail('twoLanes');
    expect(calls.toSorted()).toEqual(['addOne 1', 'addOne 2', 'addOne 3']);
    act = () => 7;
    expect(await redriven(id)).toEqual({ result: 2, calls: ['addOne 1'] });
  });

  it('asks again for what made the pipeline itself fail, and for nothing else', async () => {
    act = (call) => (call.startsWith('double') ? 101 : 7);
    const id = await fail('decides');
    act = () => 7;
    expect(await redriven(id)).toEqual({ result: 7, calls: ['double 7'] });
  });

  it('hands nothing on of a run that failed by what it was given', async () => {
    broken(['double 7'], () => 7);
    const id = await fail('decidesByWhatIsNotKept');
    act = (call) => (call === 'parse' ? 0 : 7);
    expect(await redriven(id)).toEqual({ result: undefined, calls: ['parse'] });
    act = () => 7;
    expect(await redriven(id)).toEqual({ result: 7, calls: ['addOne 1', 'parse', 'double 7'] });
  });

  it('tells calls for the same apart, also where one of them waited for its provider', async () => {
    let asked = 0;
    act = (call) => {
      if (call === 'square 1') throw ApplicationFailure.nonRetryable('broken', 'PathNotAllowed');
      asked += 1;
      if (asked === 1) throw ApplicationFailure.nonRetryable('broken', 'PathNotAllowed');
      return 20;
    };
    const id = await fail('asksForTheSameTwice');
    expect(calls).toEqual(['addOne 1', 'addOne 1', 'square 1']);
    const parked = { key: 'stock', waitMs: 10, attemptsBefore: 0 };
    let isParked = false;
    act = (call) => {
      if (call === 'square 1') return 7;
      if (isParked) return 10;
      isParked = true;
      throw ApplicationFailure.create({ type: PARKED, nonRetryable: true, details: [parked] });
    };
    expect(await redriven(id)).toEqual({ result: [10, 20], calls: ['addOne 1', 'addOne 1', 'square 1'] });
  });

  it('a call that waited for its provider is one step of the run that failed', async () => {
    let asked = 0;
    const parked = { key: 'stock', waitMs: 10, attemptsBefore: 0 };
    act = (call) => {
      if (call === 'square 1') throw ApplicationFailure.nonRetryable('broken', 'PathNotAllowed');
      asked += 1;
      if (asked === 1) throw ApplicationFailure.create({ type: PARKED, nonRetryable: true, details: [parked] });
      return asked * 10;
    };
    const id = await fail('asksForTheSameTwice');
    act = () => 7;
    expect(await redriven(id)).toEqual({ result: [20, 30], calls: ['square 1'] });
  });

  it('takes nothing over into the next part, which begins anew', async () => {
    const gives = (call: string): number => (call === 'addOne 1' ? calls.length : 0);
    broken(['square 2'], gives);
    const id = await fail('sameInEachPart', [1, []]);
    expect(calls).toEqual(['addOne 1', 'square 1', 'addOne 1', 'square 2']);
    broken(['addOne 1'], gives);
    expect(await redriven(id)).toEqual({ result: undefined, calls: ['square 2', 'addOne 1'] });
    act = gives;
    // What the second part had asked for is not the answer of the third.
    expect(await redriven(id)).toEqual({ result: [1, 3, 1], calls: ['addOne 1', 'square 3'] });
  });

  it('a child goes on with its last part; one that had succeeded gives what it gave', async () => {
    const gives = (call: string): number => (call === 'addOne 1' ? calls.length : 0);
    broken(['square 2'], gives);
    const id = await fail('hasParts');
    expect(calls).toEqual(['addOne 1000', 'addOne 100', 'addOne 1', 'square 1', 'addOne 1', 'square 2']);
    act = gives;
    expect(await redriven(id)).toEqual({ result: [3, 5, 2], calls: ['square 2', 'addOne 1', 'square 3'] });
  });

  it('a child belongs to its first run, however often it is redriven', async () => {
    broken(['addOne 1']);
    const id = await fail('hasOne');
    let child = '';
    for await (const { runId } of shared.world.temporal.client.workflow.list({
      query: `RootWorkflowId = '${id}' AND WorkflowType = 'tellsWhoItIs'`,
    }))
      child = runId;
    expect(child).not.toBe('');
    expect(await redriven(id)).toMatchObject({ result: undefined, calls: ['addOne 1'] });
    act = () => 7;
    const { result } = await redriven(id);
    const [first, own] = result as readonly string[];
    expect(first).toBe(child);
    expect(own).not.toBe(child);
  });
});
