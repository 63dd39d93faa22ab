import { expect, it } from 'vitest';
import type { FarEnd, Letter } from '../../../stack/chaos/far-end.ts';
import { type AcceptedJob, judge } from '../../../stack/chaos/verdict.ts';

const job = (id: string, ...effects: AcceptedJob['effects']): AcceptedJob => ({ kind: 'canvas', key: id, id, effects });
const letter = (workflowId: string, taskId = workflowId): Letter => ({
  workflowId,
  taskId,
  taskName: 't',
  failure: 'f',
});
const found = (effects: readonly (readonly [string, number])[], ...letters: Letter[]): FarEnd => ({
  effects: new Map(effects),
  letters,
  handedOverAgain: 0,
});

it('a job is complete when all of its effects are there once', () => {
  const jobs = [job('a', 'note a', 'mail a'), job('b', 'note b')];
  const verdict = judge(
    jobs,
    found([
      ['note a', 1],
      ['mail a', 1],
      ['note b', 1],
    ]),
  );
  expect(verdict).toEqual({ accepted: 2, completed: 2, deadLettered: 0, duplicated: [], lost: [] });
});

it('a job with missing effects is lost unless it, or a call of it, has a dead letter', () => {
  const jobs = [job('a', 'note a', 'note a2'), job('b', 'note b'), job('c', 'note c')];
  const verdict = judge(jobs, found([['note a', 1]], letter('b'), letter('c', 'c-call-1')));
  expect(verdict).toEqual({
    accepted: 3,
    completed: 0,
    deadLettered: 2,
    duplicated: [],
    lost: [{ id: 'a', missing: ['note a2'] }],
  });
});

it('an effect that is there twice is duplicated, also that of a dead letter', () => {
  const jobs = [job('a', 'mail a'), job('b', 'counter b', 'note b'), job('c', 'letter c')];
  const verdict = judge(
    jobs,
    found(
      [
        ['mail a', 2],
        ['counter b', 3],
        ['letter c', 1],
      ],
      letter('b'),
    ),
  );
  expect(verdict).toMatchObject({ completed: 2, deadLettered: 1, duplicated: ['mail a', 'counter b'], lost: [] });
});
