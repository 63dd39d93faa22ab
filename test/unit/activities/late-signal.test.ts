import { describe, expect, it } from 'vitest';
import { LateSignal } from '../../../activities/shell/late-signal.ts';

describe('a signal that is made when somebody looks at it', () => {
  const own = new Error('own');
  const outer = new Error('outer');

  it('is aborted by itself, before or after it was looked at, with the first reason', () => {
    const before = new LateSignal(new AbortController());
    before.abort(own);
    before.abort(outer);
    expect(before.signal).toMatchObject({ aborted: true, reason: own });
    const after = new LateSignal(new AbortController());
    const { signal } = after;
    expect(signal.aborted).toBe(false);
    after.abort(own);
    expect(signal).toMatchObject({ aborted: true, reason: own });
    expect(after.signal).toBe(signal);
  });

  it('is aborted with the signal around it, before or after it was looked at', () => {
    const around = new AbortController();
    const { signal } = new LateSignal(around);
    const late = new LateSignal(around);
    around.abort(outer);
    expect(signal).toMatchObject({ aborted: true, reason: outer });
    expect(late.signal).toMatchObject({ aborted: true, reason: outer });
  });
});
