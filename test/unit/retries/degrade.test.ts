import { describe, expect, it } from 'vitest';
import { degrade } from '../../../contracts/failures/degrade.ts';
import { silentLog } from '../../support/silent-log.ts';

const fails = (message: string) => (): never => {
  throw new RangeError(message);
};
const contextOf = (signal = new AbortController().signal) => ({ signal, log: silentLog.body });

describe('degrade', () => {
  it('RETRY-16 says which of both gave the result, and has both messages when neither did', async () => {
    expect(await degrade(() => 1, fails('never asked'), contextOf())).toEqual({ source: 'primary', result: 1 });
    expect(await degrade(fails('first'), () => Promise.resolve('b'), contextOf())).toEqual({
      source: 'fallback',
      result: 'b',
    });
    await expect(degrade(fails('first'), fails('second'), contextOf())).rejects.toMatchObject({
      type: 'TemporaryError',
      message: 'Both primary and fallback failed: RangeError: first; RangeError: second',
    });
  });

  it('does not try the fallback when the task is told to stop', async () => {
    const reason = new Error('stop');
    let asked = 0;
    const fallback = (): number => (asked += 1);
    await expect(degrade(fails('first'), fallback, contextOf(AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(asked).toBe(0);
  });
});
