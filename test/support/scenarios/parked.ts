/** Failed steps that wait for a person: in single tasks, in canvases, in packs and in parts. */
import type { Signature } from '../../../canvas/signature/signature.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { call, chain, chord, FIRST, group, scenario, SECOND } from '../canvas/signatures.ts';
import { childOf, decideOnce } from '../parked.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';
import type { Scenario } from './scenario.ts';
import { type ScriptedTask, scriptTask } from './tasks.ts';

const HOUR = 3_600_000;
const TINY = 'samples.addOneTiny';
const packed = { packed: { [TINY]: 'documents.default' } };
const failing = (task: string, n: number): Signature => ({ ...call(task, { n, fails: 'always' }), immutable: true });

const inParts: Scenario<ScriptedCanvas> = {
  ...scenario(
    group(failing(FIRST, 0), failing(FIRST, 1), ...[2, 3, 4].map((n) => call(FIRST, { n })), failing(FIRST, 5)),
    { parkMs: HOUR, weight: 2 },
  ),
  meanwhile: async (handle) => {
    const first = await childOf(handle, 0);
    await decideOnce(first, 2, { path: 'root/0', action: 'retry', input: { n: 10 } });
    await decideOnce(first, 1, { path: 'root/1', action: 'skip', value: 'skipped' });
    await decideOnce(await childOf(handle, 2), 1, { path: 'root', action: 'skip', value: 'last' });
  },
};

function single(failures: number, parkMs: number): Scenario<ScriptedTask> {
  return {
    workflow: taskWorkflows.runTask,
    world: () => scriptTask({ failures, permanent: true }),
    args: ['samples.addOne', { data: 1 }, { parkMs, limits: [{ key: 'k', concurrency: 1 }] }],
  };
}

export const taskParkedScenarios = {
  'run-task.parked-retried': {
    ...single(2, HOUR),
    meanwhile: async (handle) => {
      await decideOnce(handle, 1, { path: 'root', action: 'retry' });
      await decideOnce(handle, 1, { path: 'root', action: 'retry', input: { data: 41 } });
    },
  },
  'run-task.parked-skipped': {
    ...single(9, HOUR),
    meanwhile: (handle) => decideOnce(handle, 1, { path: 'root', action: 'skip', value: 7 }),
  },
  'run-task.parked-aborted': {
    ...single(9, HOUR),
    meanwhile: (handle) => decideOnce(handle, 1, { path: 'root', action: 'abort' }),
  },
  'run-task.parked-too-long': single(9, 300),
} as const satisfies Readonly<Record<string, Scenario<ScriptedTask>>>;

export const canvasParkedScenarios = {
  'run-canvas.parked-chain': {
    ...scenario(chain(call(FIRST, { n: 1 }), failing(SECOND, 2), call(FIRST, { m: 3 })), { parkMs: HOUR }),
    meanwhile: (handle) => decideOnce(handle, 1, { path: 'root/1', action: 'retry', input: { n: 20 } }),
  },
  'run-canvas.parked-chord': {
    ...scenario(chord([call(FIRST, { n: 1 }), failing(FIRST, 2), failing(FIRST, 3)], failing(SECOND, 9)), {
      parkMs: HOUR,
    }),
    meanwhile: async (handle) => {
      await decideOnce(handle, 2, { path: 'root/header/1', action: 'skip', value: 'skipped' });
      await decideOnce(handle, 1, { path: 'root/header/2', action: 'retry', input: { n: 30 } });
      await decideOnce(handle, 1, { path: 'root/body', action: 'skip', value: 'body' });
    },
  },
  'run-canvas.parked-packs': {
    ...scenario(
      chord(
        [call(TINY, { n: 1 }), chain(call(TINY, { n: 2 }), failing(TINY, 3), call(TINY, { m: 4 })), failing(TINY, 5)],
        { ...call(TINY, { n: 9 }), immutable: true },
      ),
      { parkMs: HOUR, ...packed },
    ),
    meanwhile: (handle) =>
      decideOnce(
        handle,
        2,
        { path: 'root/header/1', action: 'retry', input: { n: 30 } },
        { path: 'root/header/2', action: 'skip', value: 'skipped' },
      ),
  },
  'run-canvas.parked-revoked': {
    ...scenario(group(failing(FIRST, 1), call(FIRST, { n: 2 })), { parkMs: HOUR }),
    meanwhile: async (handle) => {
      await decideOnce(handle, 1);
      await handle.executeUpdate('revoke', { args: ['root/0'] });
    },
  },
  'run-canvas.parked-cancelled': {
    ...scenario(group(failing(FIRST, 1), call(FIRST, { n: 2 })), { parkMs: HOUR }),
    meanwhile: async (handle) => {
      await decideOnce(handle, 1);
      await handle.cancel();
    },
  },
  'run-canvas.parked-too-long': scenario(chain(failing(FIRST, 1), call(SECOND)), { parkMs: 300 }),
  'run-canvas.parked-in-parts': inParts,
  'run-canvas-part.parked': { ...inParts, recordsChild: 0 },
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
