/** A canvas at its bounds is checked without holding up the process that takes it. */
import { describe, expect, it } from 'vitest';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import { atOnce } from '../../../contracts/values/turns.ts';
import { canvasInput } from '../../../client/canvas/input.ts';
import { fingerprintInTurns, fingerprintOf } from '../../../client/connection/fingerprint.ts';
import { inTurns } from '../../../payloads/turns.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

const CALLS = 100_000;
const call = (kwargs: object, options: object = {}): object => ({ task: 'samples.add', args: [1], kwargs, options });
const group = (member: (index: number) => object): object => ({
  task: 'celery.group',
  kwargs: { tasks: Array.from({ length: CALLS }, (_, index) => member(index)) },
});
const nested = (inner: object, levels: number): object =>
  levels === 0 ? inner : { task: 'celery.group', kwargs: { tasks: [nested(inner, levels - 1)] } };

const largest: Readonly<Record<string, () => object>> = {
  'calls with ids': () => group((index) => call({ b: index }, { task_id: `id-${String(index)}` })),
  'calls with many values': () => group((index) => call({ b: Array.from({ length: 20 }, () => index) })),
  'calls with typed values': () => group(() => call({ b: { __type__: 'decimal', __value__: '1.5' } })),
  'calls with callbacks': () => group(() => call({ b: 1 }, { link: [call({ b: 2 })], link_error: call({ b: 3 }) })),
  'a callback for each': () => call({ b: 1 }, { link: Array.from({ length: CALLS }, () => call({ b: 2 })) }),
  'calls deep inside': () =>
    nested(
      group(() => call({ b: 1 })),
      300,
    ),
};

describe('a canvas of 100,000 calls', () => {
  it.each(Object.entries(largest))('%s', { timeout: 120_000 }, async (_name, make) => {
    const canvas = make();
    const whole = await watched(() => Promise.resolve(atOnce(canvasInput(canvas, {}, { externalOnly: false }))));
    expect(whole.longestMs).toBeGreaterThan(MOST_DELAY_MS); // the canvas is one that blocks
    const { value, longestMs } = await watched(() =>
      inTurns((isTurnOver) => canvasInput(canvas, {}, { externalOnly: false, isTurnOver })),
    );
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    expect(JSON.stringify(value)).toBe(JSON.stringify(whole.value));
    expect(value.canvas).toEqual(parseSignature(canvas));
  });

  it('its fingerprint is made in turns too, and is the same', { timeout: 60_000 }, async () => {
    const canvas = group((index) =>
      call({ b: index, to: `${String(index)}@example.com` }, { task_id: `id-${String(index)}` }),
    );
    const rpc = { sealKeys: undefined };
    const whole = await watched(() => Promise.resolve(fingerprintOf(rpc, canvas)));
    expect(whole.longestMs).toBeGreaterThan(MOST_DELAY_MS);
    const { value, longestMs } = await watched(() => inTurns((isOver) => fingerprintInTurns(rpc, canvas, isOver)));
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    expect(value).toEqual(whole.value);
  });

  it('the last call is checked as the first one, with the same words', async () => {
    const canvas = group((index) => (index === CALLS - 1 ? { task: 7 } : call({ b: index })));
    await expect(
      inTurns((isTurnOver) => canvasInput(canvas, {}, { externalOnly: false, isTurnOver })),
    ).rejects.toMatchObject({ fields: [{ field: `canvas.kwargs.tasks[${String(CALLS - 1)}].task`, got: '7' }] });
  });
});
