/** Answers to requests in memory, with the rules of the real store. */
import type { Hold, RequestAnswers } from '../../../services/answers/port.ts';

interface Row {
  readonly fingerprint: string;
  holder: string | undefined;
  answer: Buffer | undefined;
}

export function memoryAnswers(): RequestAnswers {
  const rows = new Map<string, Row>();
  const mine = ({ name, holder }: Hold): Row | undefined => {
    const row = rows.get(name);
    return row?.holder === holder ? row : undefined;
  };
  const change = (hold: Hold, work: (row: Row) => void): Promise<void> => {
    const row = mine(hold);
    if (row !== undefined) work(row);
    return Promise.resolve();
  };
  return {
    claim: ({ name, holder }, fingerprint) => {
      const row = rows.get(name) ?? { fingerprint, holder: undefined, answer: undefined };
      rows.set(name, row);
      if (row.fingerprint !== fingerprint) return Promise.resolve({ kind: 'other', fingerprint: row.fingerprint });
      if (row.answer !== undefined) return Promise.resolve({ kind: 'answered', answer: row.answer });
      row.holder ??= holder;
      return Promise.resolve({ kind: row.holder === holder ? 'granted' : 'held' });
    },
    renew: () => Promise.resolve(),
    keep: (hold, answer) => change(hold, (row) => (row.answer = answer)),
    free: (hold) => change(hold, (row) => (row.holder = undefined)),
    forget: (hold) => change(hold, () => rows.delete(hold.name)),
  };
}
