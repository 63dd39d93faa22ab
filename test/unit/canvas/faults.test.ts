import { describe, expect, it } from 'vitest';
import { InputFault } from '../../../canvas/signature/fault.ts';
import { atOnce } from '../../../contracts/values/turns.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import { checkCanvas } from '../../../client/canvas/input.ts';
import { parseLinks } from '../../../client/tasks/links.ts';
import { InvalidInput } from '../../../client/connection/validate.ts';

/** Its own value holds the words of a message: whoever reads messages back is led astray. */
const QUEUE = 'a: expected b, got c';
const canvas = { task: 'samples.addOne', kwargs: {}, options: { queue: QUEUE } };
const fault = { expected: 'a queue that is served', got: JSON.stringify(QUEUE) };

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new TypeError('expected an error, got none');
}

describe('a canvas that is refused', () => {
  it('says with fields where, what was expected and what came; the message is made of them', () => {
    const error = thrown(() => parseSignature(canvas, { knowsQueue: () => false }));
    expect(error).toBeInstanceOf(InputFault);
    expect(error).toMatchObject({ type: 'InvalidInput', path: 'canvas.options.queue', ...fault });
    expect((error as InputFault).message).toBe(`canvas.options.queue: expected ${fault.expected}, got ${fault.got}`);
  });

  it('keeps its fields at the client, whatever words the value holds', () => {
    const error = thrown(() => atOnce(checkCanvas(canvas, { externalOnly: false })));
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).fields).toEqual([{ field: 'canvas.options.queue', ...fault }]);
  });

  it('keeps them as the link of a call', () => {
    const error = thrown(() => parseLinks(canvas, undefined, 0));
    expect((error as InvalidInput).fields).toEqual([{ field: 'canvas.options.queue', ...fault }]);
  });
});
