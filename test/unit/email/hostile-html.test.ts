/** HTML of strangers is converted to text without delaying the event loop of the worker. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../../services/email/plain-text.ts';
import { createTexts, type Texts } from '../../../services/email/texts.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

const CHARACTERS = 200_000;
const filled = (unit: string): string => unit.repeat(CHARACTERS / unit.length);
const worst = {
  'headings within headings': filled('<h1>'),
  'lists within lists': filled('<ul><li>'),
  'open paragraphs': filled('<p>x'),
};
const never = new AbortController().signal;

let texts: Texts;
beforeAll(async () => {
  texts = createTexts();
  await texts.of('<p>x</p>', never); // the thread has started
});
afterAll(() => texts.close());

describe('hostile HTML', () => {
  it.each(Object.entries(worst))('%s neither delay the event loop nor exhaust the stack', async (_name, html) => {
    const here = await watched(() => Promise.resolve(plainText(html)));
    expect(here.longestMs).toBeGreaterThan(MOST_DELAY_MS); // the input is one that blocks
    const inThread = await watched(() => texts.of(html, never));
    expect(inThread.longestMs).toBeLessThan(MOST_DELAY_MS);
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
