import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../contracts/values/random.ts';
import { planJobs } from '../../../stack/chaos/jobs.ts';
import { describeFault, planFaults } from '../../../stack/chaos/plan.ts';

const MINUTES_MS = 600_000;

describe('plans of chaos', () => {
  it('are the same for the same seed, and others for another', () => {
    const of = (seed: number) => planFaults(makeRandom(seed), MINUTES_MS);
    expect(of(1)).toEqual(of(1));
    expect(of(2)).not.toEqual(of(1));
    expect(planJobs(makeRandom(1), 100, 'a')).toEqual(planJobs(makeRandom(1), 100, 'a'));
  });

  it('do one thing after the other within their time, and everything before anything is done again', () => {
    const plan = planFaults(makeRandom(3), MINUTES_MS);
    for (const [at, { atMs, lastsMs }] of plan.entries()) {
      expect(atMs).toBeLessThan(MINUTES_MS);
      expect(plan[at + 1]?.atMs ?? Infinity).toBeGreaterThan(atMs + lastsMs);
    }
    const kinds = plan.map(({ fault }) => JSON.stringify(fault));
    const different = new Set(kinds).size;
    expect(different).toBeGreaterThan(15);
    expect(new Set(kinds.slice(0, different)).size).toBe(different);
    expect(new Set(kinds.slice(different, 2 * different)).size).toBe(different);
  });

  it('say what is done, and for how long unless it is a kill', () => {
    const lines = new Set(planFaults(makeRandom(4), MINUTES_MS).map(describeFault));
    for (const part of ['kill worker-1 and worker-2', 'kill postgres', 'kill temporal', 'kill api'])
      expect(lines).toContain(part);
    expect([...lines].join('\n')).toMatch(/^the connections to postgres are silent for \d\.\d s$/m);
    expect([...lines].join('\n')).toMatch(/^the blob folder takes no files for \d\.\d s$/m);
  });

  it('ask for jobs of all kinds, each with keys of its own', () => {
    const jobs = planJobs(makeRandom(5), 90, 'run');
    expect(new Set(jobs.map(({ kind }) => kind)).size).toBe(9);
    const keys = jobs.flatMap(({ effects }) => effects);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
