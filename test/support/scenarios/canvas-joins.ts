import type { Signature, Join } from '../../../canvas/signature/signature.ts';
import { call, chain, compose, FIRST, scenario, SECOND } from '../canvas/signatures.ts';
import type { Scenario } from './scenario.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';

const joined = (join: Join, header: readonly Signature[], body: Signature = call(SECOND)): Signature =>
  compose('chord', { header, body, kwargs: {} }, { join });
const good = (n: number): Signature => call(FIRST, { n });
const bad = (n: number): Signature => call(FIRST, { n, fails: 'always' });
/** Ends only because it is cancelled: its second step would be seen. */
const slow = chain(call(FIRST, { n: 8, takesMs: 60_000 }), call(FIRST, { n: 9 }));

export const canvasJoinScenarios = {
  'run-canvas.collect': scenario(joined({ policy: 'collect' }, [good(1), bad(2)])),
  'run-canvas.fail-fast': scenario(
    joined({ policy: 'failFast' }, [slow, bad(2)], {
      ...call(SECOND, {}, { link_error: [call(SECOND, { told: true })] }),
      immutable: true,
    }),
  ),
  'run-canvas.threshold': scenario(joined({ policy: 'threshold', percent: 60 }, [good(1), bad(2), good(3)])),
  'run-canvas.quorum': scenario(joined({ policy: 'quorum', count: 1 }, [slow, good(2)])),
  'run-canvas.joined-group': scenario(
    chain(compose('group', { tasks: [good(1)] }, { join: { policy: 'collect' } }), call(SECOND)),
  ),
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
