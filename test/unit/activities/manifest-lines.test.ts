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
  it('gives the value of each line, however the bytes are cut', async () => {
    const bytes = Buffer.from('{"to":"ä@example.com"}\r\n\n  \n[1]\nno JSON\n2');
    const whole = [{ to: 'ä@example.com' }, [1], undefined, 2];
    expect(await read(bytes)).toEqual(whole);
    expect(await read(...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(whole);
    expect(await read('', '\n')).toEqual([]);
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
      message: 'manifest: expected lines of at most 16384 bytes, got a longer one',
    });
    expect(taken).toBeLessThan(50);
    expect(source.destroyed).toBe(true);
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});
