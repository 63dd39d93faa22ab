import { describe, expect, it } from 'vitest';
import {
  fromCeleryScale,
  fromReversedScale,
  isPriority,
  PRIORITY_HIGH,
  PRIORITY_LOW,
  PRIORITY_NORMAL,
  priorityBand,
  priorityKey,
} from '../../../contracts/queues/priorities.ts';

const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('PRIO-1 the scale', () => {
  it('PRIO-1 has the constants and bands of the sources', () => {
    expect([PRIORITY_HIGH, PRIORITY_NORMAL, PRIORITY_LOW]).toEqual([10, 5, 1]);
    expect(all.map(priorityBand)).toEqual([
      ...Array<string>(3).fill('low'),
      ...Array<string>(3).fill('normal'),
      ...Array<string>(3).fill('high'),
      'critical',
    ]);
  });

  it('P3-01 is turned into five keys, 1 going first: 10→1, 7–9→2, 4–6→3, 2–3→4, 1→5', () => {
    expect(all.map((priority) => priorityKey(priority))).toEqual([5, 4, 4, 3, 3, 3, 2, 2, 2, 1]);
  });

  it('P3-01 is turned into ten keys where the server tells ten apart', () => {
    expect(all.map((priority) => priorityKey(priority, 10))).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it.each([0, 11, 2.5, Number.NaN, -1])('%d is no priority', (value) => {
    expect(isPriority(value)).toBe(false);
    expect(() => priorityKey(value)).toThrow(/from 1 to 10/);
  });
});

describe('PRIO-5 other scales', () => {
  it('PRIO-5 P3-01 on the scale of MINGUS 1 goes first and 10 last', () => {
    expect(all.map(fromReversedScale)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(priorityKey(fromReversedScale(1))).toBe(1);
    expect(priorityKey(fromReversedScale(10))).toBe(5);
  });

  it('P3-01 of Celery 0–9 the highest goes first on RabbitMQ, the lowest on Redis', () => {
    expect([0, 3, 9].map((value) => fromCeleryScale(value, 'rabbitmq'))).toEqual([1, 4, 10]);
    expect([0, 3, 9].map((value) => fromCeleryScale(value, 'redis'))).toEqual([10, 7, 1]);
    expect([-5, 99].map((value) => fromCeleryScale(value, 'redis'))).toEqual([10, 1]);
  });
});
