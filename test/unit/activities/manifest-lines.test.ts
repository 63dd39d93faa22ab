import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { manifestLines } from '../../../activities/shell/manifest-lines.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

async function read(...chunks: readonly (string | Buffer)[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of manifestLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk as Buffer)))))
    values.push(value);
  return values;
}

describe('manifestLines', () => {
  it('gives each line with its number, however the bytes are cut', async () => {
    const bytes = Buffer.from('{"to":"ä@example.com"}\r\n\n  \n[1]\n2');
    const whole = [
      { number: 1, value: { to: 'ä@example.com' } },
      { number: 4, value: [1] },
      { number: 5, value: 2 },
    ];
    expect(await read(bytes)).toEqual(whole);
    expect(await read(...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(whole);
    expect(await read('', '\n')).toEqual([]);
  });

  it.each([
    ['text that is no JSON', 'nobody', 'JSON, got text that is not'],
    ['bytes that are not UTF-8', Buffer.from('22ff22', 'hex'), 'JSON, got bytes that are not UTF-8, from byte 1 on'],
    ['half of a pair', '"\\ud83d"', 'text without lone surrogates, got half of a pair of code units'],
    ['an integer that is rounded', '9007199254740993', 'an integer within ±(2^53 − 1); pass larger ones as text'],
  ])('refuses %s with the number of its line', async (_name, line, expected) => {
    const message = expect.stringContaining(`manifest line 3: expected ${expected}`) as string;
    await expect(read('1\n\n', line, '\n2')).rejects.toMatchObject({ type: 'InvalidInput', message });
  });

  it.each([
    ['without an end', '[', 64 * 1024, 400],
    ['of one chunk', `${'['.repeat(17_000)}\n`, 1, 1],
  ])('refuses a line %s', async (_name, unit, times, chunks) => {
    let taken = 0;
    const source = Readable.from(
      (function* () {
        for (; taken < chunks; taken += 1) yield Buffer.from(unit.repeat(times));
      })(),
    );
    const { value, longestMs } = await watched(() =>
      manifestLines(source)
        .next()
        .catch((error: unknown) => error),
    );
    expect(value).toMatchObject({
      type: 'InvalidInput',
      message: 'manifest line 1: expected at most 16384 bytes, got more',
    });
    expect(taken).toBeLessThan(50);
    expect(source.destroyed).toBe(true);
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});
