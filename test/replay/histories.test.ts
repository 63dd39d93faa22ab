import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { payloadConverter } from '../../payloads/converter.ts';
import { scenarios } from '../support/scenarios/index.ts';
import { workflowBundle } from '../support/servers/bundle.ts';
import { TEST_SEAL_KEYS } from '../support/servers/temporal.ts';
import { quietRuntime } from '../support/temporal.ts';

const folder = new URL('histories/', import.meta.url);
const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json'));

beforeAll(quietRuntime);

async function historyOf(file: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(file, folder), 'utf8')) as unknown;
}

/** The workflow whose run a history tells. */
function workflowOf(history: unknown): string | undefined {
  const { events } = historyFromJSON(history);
  return events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? undefined;
}

/** The id under which a history was recorded: ids of children are made from it. */
function recordedId(history: unknown): string {
  const { events } = historyFromJSON(history);
  return events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
}

/** What each history failed with. */
const replayed = new Map<string, Error | undefined>();

async function* histories(): AsyncGenerator<{ readonly workflowId: string; readonly history: unknown }> {
  for (const file of files) {
    const history = await historyOf(file);
    yield { workflowId: recordedId(history), history: historyFromJSON(history) };
  }
}

/** One worker replays all: one of its own for each history would load the bundle as often. */
beforeAll(async () => {
  // A redriven run finds its steps by what they are given, so it needs the keys, as every worker has them.
  const dataConverter = payloadConverter({ side: 'worker', sealKeys: TEST_SEAL_KEYS });
  const results = Worker.runReplayHistories({ workflowBundle: await workflowBundle(), dataConverter }, histories());
  const inOrder = files.values();
  for await (const { error } of results) replayed.set(inOrder.next().value ?? '', error);
});

describe('recorded histories', () => {
  it('there is one for every scenario of every workflow', () => {
    for (const name of Object.keys(scenarios))
      expect(files.some((file) => file.startsWith(`${name.replace('.', '/')}.`))).toBe(true);
  });

  it('there is at least one for every workflow', async () => {
    const { workflowShapes } = await import('../../workflows/interceptors.ts');
    const workflows = Object.keys(workflowShapes);
    const recorded = await Promise.all(files.map(async (file) => workflowOf(await historyOf(file))));
    expect(workflows.length).toBeGreaterThan(20);
    expect(workflows.filter((workflow) => !recorded.includes(workflow))).toEqual([]);
  });

  it.each(files)('%s replays with the code of today', (file) => {
    expect(replayed.has(file)).toBe(true);
    expect(replayed.get(file)).toBeUndefined();
  });

  it('a deliberate non-deterministic change is caught', async () => {
    const workflowsPath = fileURLToPath(new URL('changed-workflows.ts', import.meta.url));
    const changed = await bundleWorkflows(workflowsPath);
    const file = files.find((name) => name.startsWith('process-document-ocr/success')) ?? '';
    const replay = Worker.runReplayHistory({ workflowBundle: changed }, historyFromJSON(await historyOf(file)), file);
    await expect(replay).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });
});
