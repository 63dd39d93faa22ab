/** Answers in memory, with the rules of the real store, for runs without a server. */
import type { Claim, Hold, KeptAnswers } from '../../services/answers/port.ts';

interface Row {
  readonly fingerprint: string;
  claims: number;
  holder: string | undefined;
  answer: Buffer | undefined;
}

/** Creates an empty store. Holds do not end by themselves, because their holders die with it. */
export function memoryAnswers(): KeptAnswers {
  const rows = new Map<string, Row>();
  const change = (hold: Hold, work: (row: Row) => void): Promise<void> => {
    const row = rows.get(hold.name);
    if (row?.holder === hold.holder) work(row);
    return Promise.resolve();
  };
  return {
    claim: (hold, fingerprint) => {
      const row = rows.get(hold.name) ?? { fingerprint, claims: 0, holder: undefined, answer: undefined };
      rows.set(hold.name, row);
      return Promise.resolve(claimOf(row, hold, fingerprint));
    },
    renew: () => Promise.resolve(),
    keep: ({ name }, answer) => {
      const row = rows.get(name);
      if (row === undefined || row.answer !== undefined) return Promise.resolve(false);
      row.answer = answer;
      return Promise.resolve(true);
    },
    free: (hold) => change(hold, (row) => (row.holder = undefined)),
    forget: (hold) => change(hold, () => rows.delete(hold.name)),
  };
}

function claimOf(row: Row, { holder }: Hold, fingerprint: string): Claim {
  if (row.fingerprint !== fingerprint) return { kind: 'other', fingerprint: row.fingerprint };
  if (row.answer !== undefined) return { kind: 'answered', answer: row.answer };
  if (row.holder !== undefined && row.holder !== holder) return { kind: 'held' };
  if (row.holder === undefined) row.claims += 1;
  row.holder = holder;
  return { kind: 'granted', begunBefore: row.claims > 1 };
}
