/** HTML of strangers is converted to text without delaying the event loop of the worker. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../../services/email/plain-text.ts';
import { createTexts, type Texts } from '../../../services/email/texts.ts';

const CHARACTERS = 200_000;
const filled = (unit: string): string => unit.repeat(CHARACTERS / unit.length);
const worst = {
  'headings within headings': filled('<h1>'),
  'lists within lists': filled('<ul><li>'),
  'tables within tables': filled('<table><tr><td>'),
  'open paragraphs': filled('<p>x'),
};
/** Longest that the event loop of a worker may stand still. */
const MOST_DELAY_MS = 100;
const TICKS_MS = 25;
const never = new AbortController().signal;

/** Runs some work and returns the longest delay of this event loop meanwhile, and how long the work took, in ms. */
async function watched(work: () => Promise<unknown>): Promise<{ readonly longest: number; readonly took: number }> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  // A delay is measured from one tick to the next, so one must happen before the work; a reset would forget it.
  await setTimeout(TICKS_MS);
  const startedAt = performance.now();
  await work();
  const took = performance.now() - startedAt;
  await setTimeout(TICKS_MS);
  delays.disable();
  return { longest: delays.max / 1e6, took };
}

let texts: Texts;
beforeAll(async () => {
  texts = createTexts();
  await texts.of('<p>x</p>', never); // the thread has started
});
afterAll(() => texts.close());

describe('hostile HTML', () => {
  it.each(Object.entries(worst))('%s neither delay the event loop nor exhaust the stack', async (_name, html) => {
    plainText(html); // compiles the conversion, so that the measured cost is the lasting one
    const here = await watched(() => Promise.resolve(plainText(html)));
    expect(here.longest).toBeGreaterThan(here.took / 2); // the histogram sees what blocks this process
    const inThread = await watched(() => texts.of(html, never));
    // The comparison with the input's own cost holds on a busy machine, where any process waits for a core.
    expect(inThread.longest).toBeLessThan(Math.max(MOST_DELAY_MS, here.took / 2));
  });

  it('is ended by a cancellation, and the next message is converted', async () => {
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const converting = texts.of(filled('<p>x').repeat(4), stop.signal);
    void setTimeout(50).then(() => stop.abort(reason));
    await expect(converting).rejects.toBe(reason);
    expect(await texts.of('<p>A <b>B</b></p>', never)).toBe('A B');
  });

  it('fails for good when it takes more time than one message may', async () => {
    const hurried = createTexts({ workMs: 30 });
    await expect(hurried.of(filled('<p>x').repeat(4), never)).rejects.toMatchObject({
      type: 'UnreadableHtml',
      message: expect.stringContaining('body: expected HTML') as string,
    });
    await hurried.close();
  });
});
