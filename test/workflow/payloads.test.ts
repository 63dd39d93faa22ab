/** No payload whatever makes a workflow task fail: each workflow and each of its messages is sent wrong ones. */
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, METADATA_ENCODING_KEY, type Payload, RawValue } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { IGNORED_SIGNALS } from '../../contracts/tasks/ignored-signals.ts';
import { workflowShapes } from '../../workflows/interceptors.ts';
import * as workflows from '../../workflows/index.ts';
import { rightPayloads, WORKFLOWS_WITH_PAYLOADS } from '../support/right-payloads.ts';
import { childOf } from '../support/parked.ts';
import { endOf, faultsOf, inBatches, startRun } from '../support/payload-runs.ts';
import { until } from '../support/scenarios/scenario.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

const encoded = (encoding: string, text: string): Payload => ({
  metadata: { [METADATA_ENCODING_KEY]: new TextEncoder().encode(encoding) },
  data: new TextEncoder().encode(text),
});
const json = (text: string): Payload => encoded('json/plain', text);
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Arguments as they travel, by what is wrong with them. */
const WRONG: Readonly<Record<string, readonly Payload[]>> = {
  none: [],
  null: [json('null')],
  list: [json('[1,[2],{"a":3}]')],
  text: [json('"approved"')],
  'empty text': [json('""')],
  number: [json('7')],
  'no finite number': [json('1e999')],
  boolean: [json('true')],
  'empty object': [json('{}')],
  'nested wrong': [json('{"canvas":{"task":[null]},"part":{"nodes":[null]},"reply":{"values":{}},"calls":[null]}')],
  'extra fields': [json('{"nobody":"knows","this":{"field":1}}')],
  'a prototype': [json('{"__proto__":{"task":"x"},"constructor":null}')],
  'huge text': [json(JSON.stringify('x'.repeat(300_000)))],
  'deep nesting': [json(nested(100_000))],
  'a lone surrogate': [json('"\\ud800"')],
  'no JSON': [json('{"task":')],
  bytes: [encoded('binary/plain', '\u0000\u0001')],
  'unknown encoding': [encoded('json/unheard-of', '{}')],
  'three arguments': [json('null'), json('{}'), json('[]')],
  'nine arguments': Array.from({ length: 9 }, () => json('"x"')),
};

const LONE = '\ud800';

/** A right payload with one value in it of each wrong type, wherever it stands. */
function mutationsOf(right: readonly unknown[]): readonly (readonly Payload[])[] {
  const others = [null, 'text', -1.5, [], { a: 1 }, true];
  const mutated = (value: unknown): readonly unknown[] => {
    const inside =
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, entry]) =>
            mutated(entry).map((other) =>
              Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other },
            ),
          )
        : [];
    const kindOf = (one: unknown): string => (Array.isArray(one) ? 'list' : typeof one);
    return [...others.filter((other) => kindOf(other) !== kindOf(value)), LONE, ...inside];
  };
  return right.flatMap((value, index) =>
    mutated(value).map((other) => right.with(index, other).map((one) => json(JSON.stringify(one)))),
  );
}

const raw = (payloads: readonly Payload[]): RawValue[] => payloads.map((payload) => RawValue.fromPayload(payload));

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const start = (name: string, args: readonly unknown[]): Promise<WorkflowHandle> =>
  startRun(temporal.client, name, args);

describe('wrong payloads', () => {
  let stopWorkers: () => Promise<void>;
  beforeAll(async () => {
    stopWorkers = await temporal.keepWorkers({});
  });
  afterAll(() => stopWorkers());

  it('every workflow has a shape, and a right payload in this test', () => {
    const names = Object.entries(workflows)
      .flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
      .sort();
    expect(Object.keys(workflowShapes).sort()).toEqual(names);
    expect([...WORKFLOWS_WITH_PAYLOADS].sort()).toEqual(names);
  });

  it.each(Object.keys(workflowShapes) as (keyof typeof workflowShapes)[])(
    'the input of %s: a wrong one fails the run at once, never its task; a right one is taken',
    async (name) => {
      const { input } = rightPayloads(name);
      const wrong = [
        ...Object.entries(WRONG),
        ...mutationsOf(input).map((args, at) => [`field ${String(at)}`, args] as const),
      ];
      await inBatches(wrong, async ([what, payloads]) => {
        const handle = await start(name, raw(payloads));
        expect(await endOf(handle), what).toMatch(/^(ended|InvalidInput|UnknownTask|Unexpected|NotFound)$/);
        expect(await faultsOf(handle), what).toEqual([]);
      });
      expect(await endOf(await start(name, [null]))).toBe('InvalidInput');
      // Its first activity has no script here: so far it came.
      if (name !== canvasWorkflows.runCanvasPart)
        expect(await endOf(await start(name, input))).not.toBe('InvalidInput');
    },
  );
});

/** What the SDK tells of the handlers that a run has registered. */
interface Registered {
  readonly definition: Readonly<
    Record<
      'queryDefinitions' | 'signalDefinitions' | 'updateDefinitions',
      readonly { readonly name?: string }[] | undefined
    >
  >;
}

const waits = (): Promise<never> => Context.current().cancelled;

/** Activities that keep runs open. */
const OPEN = {
  'dlq.redriveRuns': waits,
  'documents.prepareBatch': waits,
  'email.prepareBulk': waits,
  'imports.download': waits,
  'samples.add': waits,
  'samples.addOne': () => Promise.reject(ApplicationFailure.nonRetryable('no such file', 'FileMissing')),
  'limits.acquire': () => Promise.resolve({ granted: false, ahead: 1 }),
  'limits.release': () => Promise.resolve({}),
};

async function openRun(name: string): Promise<WorkflowHandle> {
  const { open, child } = rightPayloads(name);
  const handle = await start(child ?? name, open ?? rightPayloads(name).input);
  return child === undefined ? handle : childOf(handle, 0);
}

type Send = (handle: WorkflowHandle, name: string, args: readonly unknown[]) => Promise<unknown>;

const send: Readonly<Record<'query' | 'signal' | 'update', Send>> = {
  query: (handle, name, args) => handle.query(name, ...args),
  signal: (handle, name, args) => handle.signal(name, ...args),
  update: (handle, name, args) => handle.executeUpdate(name, { args: [...args] as [unknown] }),
};

const withMessages = (Object.keys(workflowShapes) as (keyof typeof workflowShapes)[]).filter(
  (name) => Object.keys(workflowShapes[name].messages ?? {}).length > 0,
);

describe('wrong messages', () => {
  let stopWorkers: () => Promise<void>;
  beforeAll(async () => {
    stopWorkers = await temporal.keepWorkers(OPEN);
  });
  afterAll(() => stopWorkers());

  it.each(withMessages)('%s refuses or ignores wrong messages, and takes right ones afterwards', async (name) => {
    const handle = await openRun(name);
    const { definition } = await handle.query<Registered>('__temporal_workflow_metadata');
    const names = (kind: keyof Registered['definition']): readonly string[] =>
      (definition[kind] ?? []).flatMap((one) => (one.name?.startsWith('__') === false ? [one.name] : []));
    const kinds = [
      ...names('queryDefinitions').map((message) => ['query', message] as const),
      ...names('signalDefinitions').map((message) => ['signal', message] as const),
      ...names('updateDefinitions').map((message) => ['update', message] as const),
    ];
    const { messages = {} } = rightPayloads(name);
    expect(kinds.map(([, message]) => message).sort()).toEqual(Object.keys(messages).sort());
    let ignored = 0;
    for (const [kind, message] of kinds) {
      const right = messages[message] ?? [];
      const wrong = [...Object.values(WRONG), ...mutationsOf(right)];
      // A server holds no more than 100 signals for a run that is busy.
      const caughtUp = (): Promise<unknown> => handle.query('__temporal_workflow_metadata');
      await inBatches(wrong, (one) => send[kind](handle, message, raw(one)).catch(() => undefined), caughtUp);
      if (kind === 'signal') ignored += 1;
    }
    if (ignored > 0) {
      await until(async () => Array.isArray((await handle.describe()).memo?.[IGNORED_SIGNALS]));
    }
    // In the order of the table, because an update may end the run.
    for (const [message, args] of Object.entries(messages)) {
      const [kind = 'query'] = kinds.find(([, one]) => one === message) ?? [];
      await send[kind](handle, message, args);
    }
    expect(await faultsOf(handle)).toEqual([]);
    await handle.terminate().catch(() => undefined);
  });

  it('a mistyped decision decides nothing, and a signal without content is noted in the memo', async () => {
    const handle = await openRun('runCanvas');
    const decide = (decision: object): Promise<unknown> =>
      handle.executeUpdate('decide', { args: [{ path: 'root/0/0/0', by: 'ann', ...decision }] });
    await expect(decide({ decision: 'approved' })).rejects.toMatchObject({
      cause: {
        type: 'InvalidInput',
        message:
          'decide: decision.decision: expected "approve" or "reject", got "approved". ' +
          'Nothing was changed: mend that and send it again.',
      },
    });
    await expect(decide({})).rejects.toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringContaining('got nothing') as string },
    });
    await handle.signal('partEnded', null);
    await until(async () => (await handle.describe()).memo?.[IGNORED_SIGNALS] !== undefined);
    expect((await handle.describe()).memo?.[IGNORED_SIGNALS]).toMatchObject([
      {
        signal: 'partEnded',
        why: expect.stringContaining('ended: expected an object with part, reply, got null') as string,
      },
    ]);
    expect(await handle.query('approvals')).toHaveLength(8);
    expect(await decide({ decision: 'approve' })).toMatchObject({ decision: 'approve', by: 'ann' });
    expect(await handle.query('decisions')).toHaveLength(1);
    await handle.terminate();
  });
});
