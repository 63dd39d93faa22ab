/** Runs that are steered, limited and repeated. */
import { call, chain, compose, FIRST, group, scenario, SECOND } from '../canvas/signatures.ts';
import { type Scenario, until } from './scenario.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';

export const canvasSteeringScenarios = {
  'run-canvas.repeated': scenario(
    compose('chord', {
      header: [call(FIRST, { n: 1 }, { countdown: 60 }), call(FIRST, { n: 2 })],
      body: { ...call(SECOND, { n: 9 }), immutable: true },
      kwargs: {},
    }),
    { known: [{ path: 'root/header/0', value: { n: 1 } }], retryOf: 'canvas:first' },
  ),
  'run-canvas.limited': scenario(
    group(call(FIRST, { n: 1 }, { limits: [{ key: 'phone:1', concurrency: 1 }] }), call(SECOND, { n: 2 })),
  ),
  'run-canvas.revoked': {
    ...scenario(
      group(
        chain(call(FIRST, { n: 1, takesMs: 60_000 }), call(SECOND, { n: 2 })),
        call(FIRST, { n: 3 }, { countdown: 600, link_error: call(SECOND, { told: true }) }),
        call(FIRST, { n: 4 }),
      ),
    ),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.executeUpdate('revoke', { args: ['root/0'] });
      await handle.executeUpdate('revoke', { args: ['root/1'] });
    },
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
