/** Oversized canvases: a weight of 2 stands for the 1,000 of users. */
import { type Scenario, until } from './scenario.ts';
import { canvasScenarios } from './canvas.ts';
import type { ScriptedCanvas } from '../scripted/canvas.ts';
import { call, compose, FIRST, group, scenario, SECOND } from '../canvas/signatures.ts';

const members = (count: number, more: (n: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, n) => call(FIRST, { n, ...more(n) }));

const small = { weight: 2 };

const chord = scenario(compose('chord', { header: members(5), body: call(SECOND), kwargs: {} }), small);

/** The first member fails at once, the fourth later. */
const failing = scenario(
  group(...members(5, (n) => (n % 3 === 0 ? { fails: 'always', takesMs: n * 100 } : {}))),
  small,
);

/** A link goes on when its part and the run have long ended. */
const linked = scenario(
  group(
    call(FIRST, { n: 0 }, { link: [call(SECOND, { linked: true, takesMs: 500 })] }),
    ...members(4).map((member) => ({ ...member, kwargs: { n: 1 } })),
  ),
  small,
);

const cancelled = {
  ...scenario(group(...members(6, () => ({ takesMs: 60_000 }))), small),
  meanwhile: async (handle, { calls }) => {
    // Two parts are under way at once.
    await until(() => calls.length >= 4);
    await handle.cancel();
  },
} satisfies Scenario<ScriptedCanvas>;

export const canvasOversizedScenarios = {
  'run-canvas.in-parts': chord,
  'run-canvas.parts-in-turn': scenario(group(...members(6)), small),
  'run-canvas.packed-parts': scenario(group(...members(6)), {
    ...small,
    packed: { 'samples.addOneTiny': 'documents.default' },
  }),
  'run-canvas.failed-part': failing,
  'run-canvas.linked-part': linked,
  'run-canvas.cancelled-parts': cancelled,
  'run-canvas.long-chain': scenario(
    compose('chain', { tasks: [call(FIRST, { n: 0 }), ...Array.from({ length: 6 }, () => call(SECOND))] }),
    small,
  ),
  'run-canvas-part.success': { ...chord, recordsChild: 0 },
  'run-canvas-part.partial-failure': { ...failing, recordsChild: 0 },
  'run-canvas-part.linked': { ...linked, recordsChild: 0 },
  'run-canvas-part.detached': { ...canvasScenarios['run-canvas.links'], recordsChild: 0 },
  'run-canvas-part.cancelled': { ...cancelled, recordsChild: 0 },
} as const satisfies Readonly<Record<string, Scenario<ScriptedCanvas>>>;
