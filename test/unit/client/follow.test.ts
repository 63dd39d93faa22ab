import { ServiceError, type Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { batchHandle } from '../../../client/documents/handles.ts';
import { Unavailable } from '../../../client/index.ts';
import { createRpc } from '../../../client/connection/rpc.ts';
import { progress } from '../../support/fakes/client.ts';

const away = () =>
  new ServiceError('call failed', { cause: Object.assign(new Error('grpc'), { code: 14, details: '', metadata: {} }) });

/** A server whose answers are functions of the number of the look. */
function handleOver(answers: {
  status: (look: number) => string | Error;
  progress: (look: number) => object | Error;
  result?: (look: number) => unknown;
}) {
  const looks = { status: 0, progress: 0, result: 0 };
  const answer = (value: unknown) => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value));
  const workflow = {
    getHandle: () => ({
      describe: () => {
        const name = answers.status((looks.status += 1));
        return answer(name instanceof Error ? name : { status: { name } });
      },
      query: () => answer(answers.progress((looks.progress += 1))),
    }),
    result: () => answer(answers.result?.((looks.result += 1))),
  };
  const through = (_limit: unknown, run: () => unknown): unknown => run();
  const client = { withDeadline: through, withAbortSignal: through, workflow };
  return { handle: batchHandle(createRpc(client as unknown as Client, 'test', 100), 'batch-ocr-x'), looks }; // the part of it that is used
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

describe('follow', () => {
  test('gives each change once and ends with the batch', async () => {
    const { handle } = handleOver({
      status: (look) => (look < 5 ? 'RUNNING' : 'COMPLETED'),
      progress: (look) => progress({ completed: Math.floor(look / 2) }),
    });
    const seen = await collect(handle.follow({ intervalMs: 1 }));
    expect(seen.map((step) => step.completed)).toEqual([0, 1, 2]);
  });

  test('ends with a terminated batch, whose progress says "reading" for ever', async () => {
    const { handle } = handleOver({ status: () => 'TERMINATED', progress: () => progress() });
    expect(await collect(handle.follow({ intervalMs: 1 }))).toHaveLength(1);
  });

  test('outlives a restart of the server', async () => {
    const { handle } = handleOver({ status: (look) => (look < 3 ? away() : 'COMPLETED'), progress: () => progress() });
    expect(await collect(handle.follow({ intervalMs: 1 }))).toHaveLength(1);
  });

  test('gives up when nobody answers for longer than its patience', async () => {
    const { handle } = handleOver({ status: () => away(), progress: () => progress() });
    await expect(collect(handle.follow({ intervalMs: 1, patienceMs: 50 }))).rejects.toThrow(Unavailable);
  });

  test('does not wait out an error that waiting does not mend', async () => {
    const { handle } = handleOver({
      status: () => 'RUNNING',
      progress: () => new TypeError('no such query'),
    });
    await expect(collect(handle.follow({ intervalMs: 1 }))).rejects.toThrow('no such query');
  });

  test('ends at once when told to', async () => {
    const { handle } = handleOver({ status: () => 'RUNNING', progress: (look) => progress({ completed: look }) });
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const step of handle.follow({ intervalMs: 60_000, signal: stop.signal })) {
      seen.push(step.completed);
      stop.abort();
    }
    expect(seen).toEqual([1]);
  });
});

describe('result', () => {
  test('goes on waiting through long polls and restarts', async () => {
    const { handle, looks } = handleOver({
      status: () => 'RUNNING',
      progress: () => progress(),
      result: (look) => (look < 4 ? away() : { batchId: 'x' }),
    });
    expect(await handle.result()).toEqual({ batchId: 'x' });
    expect(looks.result).toBe(4);
  });

  test('gives up after the time given', async () => {
    const { handle } = handleOver({ status: () => 'RUNNING', progress: () => progress(), result: () => away() });
    await expect(handle.result({ timeoutMs: 30 })).rejects.toThrow("No result of 'batch-ocr-x' within the time given.");
  });
});
