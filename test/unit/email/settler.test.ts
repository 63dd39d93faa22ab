/** How soon outcomes of messages are written: what is not when a worker dies is sent again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EmailLedger, Settlement } from '../../../services/email/ledger.ts';
import { createSettler } from '../../../services/email/settler.ts';

/** The wait of the first outcome for others, and what a busy machine may add to a timer, in milliseconds. */
const WAIT_MS = 5;
const LATE_MS = 45;

const settlement = (n: number): Settlement => ({ key: `m-${n}`, state: 'sent' });

interface Write {
  readonly at: number;
  readonly due: readonly Settlement[];
}

/** A ledger that notes what is written, and takes its time. */
function slowLedger(takesMs: number): { readonly ledger: EmailLedger; readonly writes: Write[] } {
  const writes: Write[] = [];
  const settle = async (due: readonly Settlement[]): Promise<void> => {
    writes.push({ at: performance.now(), due });
    await sleep(takesMs);
  };
  return { ledger: { settle } as unknown as EmailLedger, writes }; // nothing else of it is used
}

describe('outcomes of messages', () => {
  it('are written 5 ms after the first of them, with those that came meanwhile', async () => {
    const { ledger, writes } = slowLedger(0);
    const settler = createSettler(ledger, 'claim');
    const startedAt = performance.now();
    settler.add(settlement(1));
    settler.add(settlement(2));
    await settler.flush();
    expect(writes.map(({ due }) => due.length)).toEqual([2]);
    const waited = (writes[0]?.at ?? 0) - startedAt;
    expect(waited).toBeGreaterThan(WAIT_MS - 2); // timers count in whole milliseconds
    expect(waited).toBeLessThan(WAIT_MS + LATE_MS);
  });

  it('that come while a statement runs are written with the next, at once', async () => {
    const { ledger, writes } = slowLedger(60);
    const settler = createSettler(ledger, 'claim');
    settler.add(settlement(1));
    await sleep(30);
    settler.add(settlement(2));
    settler.add(settlement(3));
    await settler.flush();
    expect(writes.map(({ due }) => due.length)).toEqual([1, 2]);
    expect((writes[1]?.at ?? 0) - (writes[0]?.at ?? 0)).toBeLessThan(60 + LATE_MS);
  });

  it('are not lost in silence when they cannot be written', async () => {
    const ledger = { settle: () => Promise.reject(new TypeError('away')) } as unknown as EmailLedger;
    const settler = createSettler(ledger, 'claim');
    settler.add(settlement(1));
    await expect(settler.flush()).rejects.toThrow('away');
  });
});
