/** Audits that find what a test wants. */
import type { AuditDifference, AuditJobs } from '../../../client/index.ts';

export interface FakeAudit extends AuditJobs {
  /** What the next audits find. @defaultValue nothing */
  differences: readonly AuditDifference[];
}

export function fakeAudit(log: (...call: unknown[]) => void): FakeAudit {
  const fake: FakeAudit = {
    differences: [],
    report: (options) => {
      log('audit', options);
      const { limit = 1_000 } = options ?? {};
      return Promise.resolve({
        ...{ since: '2026-01-01T00:00:00.000Z', at: '2026-01-31T00:00:00.000Z' },
        runs: { accepted: 7, alive: 1, completed: 4, failed: 1, stopped: 1, continued: 0 },
        checked: { failures: 1, recent: 0, letters: 1, rows: 2 },
        differences: fake.differences.slice(0, limit),
        leftOff: Math.max(0, fake.differences.length - limit),
      });
    },
  };
  return fake;
}
