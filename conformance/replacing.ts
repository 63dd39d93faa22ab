/** Neutral tasks that replace themselves by a canvas, add to their chord, or send canvases. */
import type { Signature, SignatureOptions } from '../canvas/signature/signature.ts';
import type { Bound } from './arguments.ts';
import { listOf, numberOf } from './values.ts';
import { type Request, Signal, TaskError } from './world.ts';

type Kwargs = Readonly<Record<string, unknown>>;

function call(task: string, args: readonly unknown[] = [], kwargs: Kwargs = {}, immutable = false): Signature {
  return { task, args, kwargs, options: {}, subtask_type: null, immutable };
}

function compose(kind: 'chain' | 'group' | 'chord', kwargs: Kwargs, options: SignatureOptions = {}): Signature {
  return { task: `celery.${kind}`, args: [], kwargs, options, subtask_type: kind, immutable: false };
}

const chain = (tasks: readonly Signature[], options?: SignatureOptions): Signature =>
  compose('chain', { tasks }, options);
const group = (tasks: readonly Signature[]): Signature => compose('group', { tasks });
const chord = (header: readonly Signature[], body: Signature): Signature =>
  compose('chord', { header, body, kwargs: {} });
const logged = (key: unknown, value: unknown): Signature => call('append_to_log', [key, value], {}, true);
const identities = (nums: unknown): readonly Signature[] => listOf(nums).map((n) => call('identity', [n]));
const sums = (nums: unknown, val: unknown): readonly Signature[] => listOf(nums).map((n) => call('add', [n, val]));

function replaceBy(canvas: Signature): Signal {
  return new Signal({ kind: 'replace', canvas });
}

function joinChord(request: Request, canvases: readonly Signature[]): number {
  if (!request.call.inChord) throw new TaskError('ValueError', 'Current task is not member of any chord');
  for (const canvas of canvases) request.addToChord(canvas);
  return 0;
}

/** Creates a task that runs before and after its replacement; `done` tells which. */
function secondOrder(name: string, letter: string, inner: (key: unknown) => Signature) {
  return ({ key, done }: Bound, { log }: Request): null => {
    log(key, `${done === true ? 'Out' : 'In'} ${letter}`);
    if (done !== true) throw replaceBy(chain([inner(key), call(name, [key, true], {}, true)]));
    return null;
  };
}

/** Bodies of the tasks that use canvases, by name. */
export const replacingTasks: Readonly<Record<string, (bound: Bound, request: Request) => unknown>> = {
  'add_replaced(self, x, y)': ({ x, y }) => {
    throw replaceBy(call('add', [x, y]));
  },
  'fail_replaced(self, *args)': ({ args }) => {
    throw replaceBy(call('fail', args, {}, true));
  },
  'replace_with_chain(self, x, link_key=null, link_msg=null)': ({ x, link_key: key, link_msg: text }) => {
    const options = key === null ? {} : { link: [logged(key, text)] };
    throw replaceBy(chain([call('identity', [x]), call('identity')], options));
  },
  'replace_with_failing_chain(self, x, link_key, link_msg)': ({ x, link_key: key, link_msg: text }) => {
    const failing = call('raise_typed', [], { exc_type: 'ValueError', message: 'deliberate error' });
    throw replaceBy(chain([call('identity', [x]), failing], { link_error: [logged(key, text)] }));
  },
  'replace_with_empty_chain(self, *args)': () => {
    throw replaceBy(chain([]));
  },
  'add_to_all(self, nums, val)': ({ nums, val }) => {
    throw replaceBy(group(sums(nums, val)));
  },
  'replace_with_chord(self, nums)': ({ nums }) => {
    throw replaceBy(chord(identities(nums), call('tsum')));
  },
  'replace_nested(self, depth)': ({ depth }) => {
    if (numberOf(depth) > 0) throw replaceBy(call('replace_nested', [numberOf(depth) - 1]));
    return 'bottom';
  },
  'replace_outer(self, key, done=false)': secondOrder('replace_outer', 'A', (key) => call('replace_inner', [key])),
  'replace_inner(self, key, done=false)': secondOrder('replace_inner', 'B', (key) => logged(key, 'In/Out C')),
  'add_to_all_to_chord(self, nums, val)': ({ nums, val }, request) => joinChord(request, sums(nums, val)),
  'add_chord_to_chord(self, nums, val)': ({ nums, val }, request) =>
    joinChord(request, [chord(sums(nums, val), call('tsum'))]),
  'spawn_chain(self, x, y, *, key)': ({ x, y, key }, { spawn }) => {
    spawn(chain([call('add', [x, x]), call('add', [y]), call('log_result', [], { key })]));
    return 'spawned';
  },
  'spawn_chord(self, nums, *, key)': ({ nums, key }, { spawn }) => {
    spawn(chain([chord(identities(nums), call('tsum')), call('log_result', [], { key })]));
    return 'spawned';
  },
};
