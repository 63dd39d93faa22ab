import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkCanvas } from '../../../client/canvas/input.ts';
import { registerTasks } from '../../../contracts/register.schema.ts';
import { atOnce } from '../../../contracts/values/turns.ts';
import { defineTask } from '../../../define/index.ts';

/** A task that takes and gives values of these schemas. */
function taskOf(name: string, input: z.ZodType, output: z.ZodType, parameters?: readonly string[]) {
  return defineTask(
    { name, input, output, ...(parameters === undefined ? {} : { parameters }) },
    () => undefined as never,
  );
}

registerTasks({
  count: taskOf('fit.count', z.object({ text: z.string() }), z.int(), ['text']),
  total: taskOf('fit.total', z.object({ counts: z.array(z.int()) }), z.int(), ['counts']),
  read: taskOf('fit.read', z.null(), z.object({ text: z.string(), pages: z.int() })),
  print: taskOf('fit.print', z.object({ text: z.string(), pages: z.string().optional() }), z.null()),
  copy: taskOf('fit.copy', z.object({ text: z.string() }), z.object({ text: z.string() })),
  either: taskOf('fit.either', z.null(), z.union([z.string(), z.null()])),
  names: taskOf('fit.names', z.null(), z.array(z.string())),
  anything: taskOf('fit.anything', z.unknown(), z.unknown()),
  word: taskOf('fit.word', z.enum(['a', 'b']), z.literal('a')),
});

interface Json {
  readonly task: string;
  readonly [field: string]: unknown;
}
const call = (task: string, fields: object = {}): Json => ({ task: `fit.${task}`, args: [], kwargs: {}, ...fields });
const chain = (...tasks: readonly Json[]): Json => ({ task: 'celery.chain', kwargs: { tasks }, subtask_type: 'chain' });
const group = (tasks: readonly Json[], options: object = {}): Json => ({
  task: 'celery.group',
  kwargs: { tasks },
  subtask_type: 'group',
  options,
});
const chord = (header: readonly Json[], body: Json, options: object = {}): Json => ({
  task: 'celery.chord',
  kwargs: { header, body, kwargs: {} },
  subtask_type: 'chord',
  options,
});

const check = (canvas: Json): void => void atOnce(checkCanvas(canvas, { externalOnly: false }));
const immutable = { immutable: true };

describe('a canvas as JSON whose steps cannot fit is refused', () => {
  it.each([
    [
      'a number for a text',
      chain(call('count'), call('count')),
      /canvas\.kwargs\.tasks\[1\]: expected a step before fit\.count that gives string for text, got one that gives number/,
    ],
    [
      'a chord of texts for numbers',
      chord([call('count'), call('copy')], call('total')),
      /canvas\.kwargs\.body: expected a step before fit\.total that gives number for counts\[1\], got one that gives object/,
    ],
    ['a group before a step', chain(group([call('read')]), call('total')), /tasks\[1\]: .* number for counts\[0\]/],
    ['a number for a list', chain(call('count'), call('total')), /array for counts, got one that gives number/],
    [
      'a list of other entries',
      chain(call('names'), call('total')),
      /number for counts\[…\], got one that gives string/,
    ],
    ['a field of another kind', chain(call('read'), call('print')), /string for pages, got one that gives number/],
    [
      'no object where fields are merged',
      chain(call('count'), call('copy', { kwargs: { text: 'x' } })),
      /gives object, got one that gives number/,
    ],
    ['a choice', chain(call('count'), call('word')), /string, got one that gives number/],
    [
      'a link',
      call('count', { options: { link: call('count') } }),
      /canvas\.options\.link: expected a step before fit\.count/,
    ],
    ['inside of a group', group([chain(call('count'), call('count'))]), /tasks\[0\]\.kwargs\.tasks\[1\]/],
    [
      'a chord in a chord',
      chord([chord([call('count')], call('total'))], call('count')),
      /body: .*string for text, got one that gives array/,
    ],
  ])('%s', (_what, canvas, said) => {
    expect(() => check(canvas)).toThrow(said);
  });
});

describe('a canvas as JSON whose steps may fit is taken', () => {
  it.each([
    ['the right kinds', chord([call('count'), call('count')], call('total'))],
    ['what is given itself', chain(call('count'), call('count', { kwargs: { text: 'x' } }))],
    ['immutable steps', chain(call('count'), call('count', immutable))],
    ['one of several kinds', chain(call('either'), call('count'))],
    ['what nobody knows', chain(call('anything'), call('count'), call('anything'), call('total'))],
    ['a join policy', chord([call('count'), call('copy')], call('total'), { join: { policy: 'collect' } })],
    ['more fields than are taken', chain(call('read'), call('copy'))],
    [
      'steps of the product',
      chain(call('count'), { task: 'perennial.approval', kwargs: { message: 'May it?' } }, call('count')),
    ],
  ])('%s', (_what, canvas) => {
    expect(() => check(canvas)).not.toThrow();
  });
});
