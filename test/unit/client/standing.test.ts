/** Where a mailing stands, by its run and by the ledger. */
import { describe, expect, it } from 'vitest';
import { bulkStanding, NotFound, Unavailable } from '../../../client/index.ts';
import type { JobStatus } from '../../../client/index.ts';

const said = { phase: 'sending', round: 2, total: 9, sent: 1, failed: 0, duplicates: 0, deferred: 0 } as const;
const ledger = (sent: number, deferred = 0) => ({
  counts: () => Promise.resolve({ sent, failed: 0, duplicates: 0, deferred }),
});
const bulk = (status: JobStatus | NotFound, progress: typeof said | Error) => ({
  id: 'bulk-email-1',
  status: () => (status instanceof NotFound ? Promise.reject(status) : Promise.resolve(status)),
  progress: () => (progress instanceof Error ? Promise.reject(progress) : Promise.resolve(progress)),
});
const silent = new Unavailable('no worker answers');
const gone = new NotFound('bulk-email-1');

describe('bulkStanding', () => {
  it.each([
    { status: 'running', answer: said, kept: ledger(7), progress: said },
    { status: 'completed', answer: said, kept: ledger(7), progress: said },
    { status: 'running', answer: silent, kept: ledger(0), progress: { phase: 'preparing', total: 0, sent: 0 } },
    { status: 'running', answer: silent, kept: ledger(7), progress: { phase: 'sending', total: 7, sent: 7 } },
    { status: 'completed', answer: silent, kept: ledger(7), progress: { phase: 'finished', total: 7, sent: 7 } },
    { status: 'completed', answer: gone, kept: ledger(7), progress: { phase: 'finished', total: 7, sent: 7 } },
    {
      status: 'terminated',
      answer: said,
      kept: ledger(7),
      progress: { phase: 'cancelled', round: 2, total: 9, sent: 7 },
    },
    { status: 'terminated', answer: silent, kept: ledger(7), progress: { phase: 'cancelled', round: 1, total: 7 } },
  ] as const)('of a run that is $status takes what is known: $progress', async ({ status, answer, kept, progress }) => {
    expect(await bulkStanding(bulk(status, answer), kept)).toMatchObject({ status, progress });
  });

  it.each([
    [ledger(7), { phase: 'finished', total: 7, sent: 7 }],
    [ledger(7, 2), { phase: 'cancelled', total: 9, deferred: 2 }],
  ])('of a run that is gone takes the ledger %#', async (kept, progress) => {
    expect(await bulkStanding(bulk(gone, gone), kept)).toMatchObject({ status: 'gone', progress });
  });

  it('of which the ledger has no row either is not found', async () => {
    await expect(bulkStanding(bulk(gone, gone), ledger(0))).rejects.toThrow("No mailing with the id 'bulk-email-1'");
  });
});
