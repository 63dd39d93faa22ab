/** Breakers that note what was asked. */
import type { BreakerControls, BreakerView } from '../../../client/index.ts';

export function breakerView(facts: Partial<BreakerView> = {}): BreakerView {
  return {
    key: 'smtp:mail.example.com',
    state: 'closed',
    failures: 0,
    reason: null,
    since: null,
    lastFailureAt: null,
    nextProbeAt: null,
    throttledUntil: null,
    parked: 0,
    ...facts,
  };
}

export function fakeBreakers(log: (...call: unknown[]) => void): BreakerControls {
  const changed = (what: string, state: BreakerView['state']) => (key: string, change: unknown) => {
    log(what, key, change);
    return Promise.resolve(breakerView({ key, state }));
  };
  return {
    list: () => Promise.resolve([breakerView({ state: 'open', parked: 7, reason: 'EmailServerUnavailable' })]),
    get: (key) =>
      Promise.resolve({
        ...breakerView({ key }),
        changes: [{ at: '2026-01-01T00:00:00.000Z', change: 'closed', by: 'ada', reason: 'it is back' }],
      }),
    open: changed('openBreaker', 'open'),
    close: changed('closeBreaker', 'closed'),
  };
}
