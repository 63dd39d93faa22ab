/** Runs of many independent calls, as a stream of the client starts them. */
import { streamedCallsMessages, type RunStreamedCallsInput } from '../../../contracts/tasks/streamed-calls.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { type Scenario, until } from './scenario.ts';
import { scriptCanvas, type ScriptedCanvas } from '../scripted/canvas.ts';

const TINY = 'samples.addOneTiny';
const FIRST = 'documents.readDocument';

function scenario(batch: RunStreamedCallsInput): Omit<Scenario<ScriptedCanvas>, 'meanwhile'> {
  return { workflow: taskWorkflows.runStreamedCalls, world: scriptCanvas, args: [batch] };
}

export const streamedCallsScenarios = {
  'run-streamed-calls.packed': scenario({
    task: TINY,
    calls: [
      { input: { n: 1 } },
      { input: { n: 2, fails: 1 } },
      { input: { n: 3, fails: 'always' } },
      { input: { n: 4 }, facts: { ignoreResult: true } },
      { input: { n: 5 }, facts: { queue: 'documents.low_priority' } },
    ],
    tenant: 'acme',
    packed: { [TINY]: 'documents.default' },
  }),
  'run-streamed-calls.revoked': {
    ...scenario({ task: FIRST, calls: [{ input: { n: 1, takesMs: 60_000 } }, { input: { n: 2 } }] }),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.signal(streamedCallsMessages.revoke, 0, false);
      await handle.signal(streamedCallsMessages.revoke, 0, true);
    },
  },
  'run-streamed-calls.packed-revoked': {
    ...scenario({
      task: TINY,
      calls: [{ input: { n: 1 } }, { input: { n: 2, takesMs: 2_000 } }, { input: { n: 3 } }],
      packed: { [TINY]: 'documents.default' },
    }),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.signal(streamedCallsMessages.revoke, 2, true);
    },
  },
  'run-streamed-calls.recalled': {
    ...scenario({
      task: TINY,
      calls: [{ input: { n: 1 } }, { input: { n: 2, takesMs: 60_000 } }, { input: { n: 3 } }, { input: { n: 4 } }],
      packed: { [TINY]: 'documents.default' },
    }),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.signal(streamedCallsMessages.revoke, 2, false);
      await handle.signal(streamedCallsMessages.revoke, 1, true);
    },
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
