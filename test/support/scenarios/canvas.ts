import type { Signature, SignatureOptions } from '../../../canvas/signature/signature.ts';
import { call, chain, compose, FIRST, group, scenario, SECOND } from '../canvas/signatures.ts';
import { type Scenario, until } from './scenario.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';

/** A task whose calls may share an activity. */
const TINY = 'samples.addOneTiny';
/** A task that may ask for canvases. */
const COMPOSING = 'samples.sumOfSquares';
const packed = { packed: { [TINY]: 'documents.default' } };
const tiny = (n: number, more: Record<string, unknown> = {}): Signature => call(TINY, { n, ...more });

/** Its input is a list, and its own fields cannot be merged into one: the body ignores the header. */
const body = (options: SignatureOptions = {}): Signature => ({ ...call(SECOND, { n: 9 }, options), immutable: true });

export const canvasScenarios = {
  'run-canvas.task': scenario(call(FIRST, { n: 1 }), { priorityScale: 'redis' }),
  'run-canvas.chain': scenario(chain(call(FIRST, { n: 1 }), call(SECOND, { m: 2 }))),
  'run-canvas.indexed': scenario(chain(call(FIRST, { n: 1 }), call(SECOND, { m: 2 }))),
  'run-canvas.group': scenario(group(call(FIRST, { n: 1 }), call(FIRST, { n: 2 }), call(SECOND, { n: 3 }))),
  'run-canvas.chord': scenario(
    compose('chord', { header: [call(FIRST, { n: 1 }), call(FIRST, { n: 2 })], body: call(SECOND), kwargs: {} }),
  ),
  'run-canvas.nested': scenario(
    chain(
      call(FIRST, { n: 1 }),
      group(call(FIRST, { n: 2 }), chain(call(FIRST, { n: 3 }), group(call(FIRST, { n: 4 }), call(FIRST, { n: 5 })))),
      body(),
      group(call(FIRST, { n: 6 })),
    ),
  ),
  'run-canvas.map': scenario({
    ...compose('map', { task: call(FIRST), it: [{ n: 1 }, { n: 2 }] }),
    subtask_type: null,
  }),
  'run-canvas.chunks': scenario({
    ...compose('chunks', { task: call(FIRST), it: [[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]], n: 2 }),
    subtask_type: null,
  }),
  'run-canvas.links': scenario(
    chain(call(FIRST, { n: 1 }, { link: [call(SECOND, { linked: true })] }), call(SECOND, { n: 2 })),
  ),
  'run-canvas.failed-chord': scenario(
    compose('chord', {
      header: [call(FIRST, { n: 1, fails: 'always' }), call(FIRST, { n: 2 })],
      body: body({ link_error: [call(SECOND, { told: true })] }),
      kwargs: {},
    }),
  ),
  'run-canvas.retried': scenario(chain(call(FIRST, { n: 1, fails: 2 }), call(SECOND, { m: 2, fails: null }))),
  'run-canvas.delayed': scenario(
    chain(call(FIRST, { n: 1 }, { countdown: 0.2 }), call(SECOND, {}, { expires: 60, priority: 9, time_limit: 30 })),
  ),
  'run-canvas.task-effects': scenario(
    chain(
      call(COMPOSING, {
        becomes: group(
          call(FIRST, { n: 1 }),
          call(COMPOSING, { becomes: call(FIRST, { n: 2 }), sends: call(SECOND, { n: 3 }) }),
        ),
      }),
      body(),
    ),
  ),
  'run-canvas.expired': scenario(call(FIRST, { n: 1 }, { countdown: 0.2, expires: 0.1 })),
  'run-canvas.packed': scenario(
    compose('chord', {
      header: [
        ...[1, 2, 3, 4].map((n) => tiny(n)),
        tiny(5, { fails: 1 }),
        chain(tiny(6), tiny(7), call(FIRST, { n: 8 }), tiny(9)),
        call(FIRST, { n: 10 }),
      ],
      body: body(),
      kwargs: {},
    }),
    packed,
  ),
  'run-canvas.packed-failed': scenario(
    group(tiny(1), chain(tiny(2), tiny(3, { fails: 'always' }), tiny(4)), tiny(5)),
    packed,
  ),
  'run-canvas.packed-body': scenario(
    chain(
      compose('chord', {
        header: [tiny(1), tiny(2), tiny(3)],
        body: { ...tiny(4), immutable: true },
        kwargs: {},
      }),
      call(SECOND, { n: 5 }),
    ),
    packed,
  ),
  'run-canvas.packed-revoked': {
    ...scenario(group(tiny(1), tiny(2, { takesMs: 60_000 }), tiny(3)), packed),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.executeUpdate('revoke', { args: ['root/1'] });
    },
  },
  'run-canvas.first-packs': scenario(group(...Array.from({ length: 120 }, (_, n) => tiny(n))), packed),
  'run-canvas.packed-recalled': {
    ...scenario(
      group(tiny(1), tiny(2, { takesMs: 60_000 }), chain(tiny(3), tiny(4), tiny(5)), tiny(6), tiny(7)),
      packed,
    ),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.executeUpdate('revoke', { args: ['root/2/1'] });
      await until(() => calls.length >= 3);
      await handle.executeUpdate('revoke', { args: ['root/1'] });
    },
  },
  'run-canvas.packed-unwanted': scenario(
    chain(
      compose(
        'group',
        { tasks: [tiny(1, { takesMs: 2_500 }), tiny(2), chain(tiny(3), tiny(4)), call(FIRST, { n: 5 })] },
        { join: { policy: 'quorum', count: 1 } },
      ),
      { ...call(SECOND, { n: 6, takesMs: 4_000 }), immutable: true },
    ),
    packed,
  ),
  'run-canvas.paced': scenario(group(...Array.from({ length: 120 }, (_, n) => call(FIRST, { n })))),
  'run-canvas.packed-cancelled': {
    ...scenario(group(tiny(1), tiny(2, { takesMs: 60_000 }), tiny(3)), packed),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.cancel();
    },
  },
  'run-canvas.cancelled': {
    ...scenario(group(call(FIRST, { n: 1, takesMs: 60_000 }), call(FIRST, { n: 2, takesMs: 60_000 }))),
    meanwhile: async (handle, { calls }) => {
      await until(() => calls.length >= 2);
      await handle.cancel();
    },
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
