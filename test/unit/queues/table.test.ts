import { describe, expect, it } from 'vitest';
import { activityQueues, type AnyTask, catalogue } from '../../../contracts/catalogue.ts';
import { queueRow, queueTable } from '../../../contracts/queues.table.ts';
import { queues } from '../../../contracts/queues.ts';
import { formatRate, parseRate, perSecond } from '../../../contracts/rates.ts';
import { fleetOf } from '../../../workers/fleets.ts';

/** Number of the requirement, our name, priority (P3-01: 10 first). */
const SOURCES: readonly (readonly [number, string, number])[] = [
  [1, 'documents.critical', 10],
  [2, 'documents.high_priority', 10],
  [3, 'documents.email', 8],
  [4, 'documents.ocr', 7],
  [5, 'documents.default', 5],
  [6, 'documents.low_priority', 1],
  [7, 'documents.api_calls', 5],
  [8, 'messaging.sms_critical', 10],
  [9, 'messaging.sms_daily', 8],
  [10, 'messaging.email_reports', 6],
  [11, 'messaging.email_education', 4],
  [12, 'messaging.analytics', 3],
  [13, 'messaging.optimization', 2],
  [14, 'messaging.monitoring', 1],
  [15, 'admin.default', 5],
  [16, 'admin.email', 5],
  [17, 'admin.media', 5],
  [18, 'admin.reports', 5],
  [19, 'admin.maintenance', 5],
  [20, 'data.default', 3],
  [21, 'ai.ai', 6],
  [22, 'data.data', 5],
  [23, 'billing.billing', 10],
  [24, 'cases.default', 5],
  [25, 'cases.email', 3],
  [26, 'cases.reports', 5],
  [27, 'cases.analytics', 2],
  [28, 'cases.cleanup', 1],
];

describe('the table of queues', () => {
  it.each(SOURCES)('QUEUE-%d is %s with priority %d', (number, name, priority) => {
    const found = queueTable.find(({ source }) => source?.row === `QUEUE-${number}`);
    expect(found).toMatchObject({ queue: name, priority });
  });

  it('P3-03 has each queue of ours once, under a name of its domain', () => {
    const names = queueTable.map(({ queue }) => queue);
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual(Object.values(queues).sort());
    for (const name of names) expect(name).toMatch(/^[a-z]+\.[a-z_]+$/);
  });

  it('P3-34 limits the three tasks of the source a second: 8.333, 1.667 and 16.667, each on a queue of its own', () => {
    const rates = [queues.messagingSmsCritical, queues.messagingPaymentReminders, queues.messagingEmailReports].map(
      (queue) => queueRow(queue).rate,
    );
    expect(rates.map((rate) => (rate === undefined ? 0 : Number(perSecond(rate).toFixed(3))))).toEqual([
      8.333, 1.667, 16.667,
    ]);
    expect(queueRow(queues.messagingSmsDaily).rate).toBeUndefined();
  });

  it('WORK-16 keeps the prefetch of the sources for the record', () => {
    expect(queueRow(queues.messagingEmailReports).prefetch).toBe(2);
    expect(queueRow(queues.documentsOcr).prefetch).toBe(1);
  });
});

describe('P3-10 fleets', () => {
  it('P3-10 the fleet for everything serves exactly the queues that have tasks, and the regions', () => {
    const served = fleetOf('all', 2).activities.map(({ queue }) => queue);
    expect(new Set(served).size).toBe(served.length);
    for (const queue of activityQueues) expect(served).toContain(queue);
    expect(served.filter((queue) => !queue.includes('@')).sort()).toEqual([...activityQueues].sort());
    expect(served.filter((queue) => queue.includes('@'))).toHaveLength(4);
  });

  it('GEO-1 a worker of one region serves that region only, one of none serves none', () => {
    const regional = (region: 'asia' | 'none'): string[] =>
      fleetOf('all', 2, region)
        .activities.map(({ queue }) => queue)
        .filter((queue) => queue.includes('@'));
    expect(regional('asia')).toEqual(['documents.default@asia']);
    expect(regional('none')).toEqual([]);
  });

  it('CPU-bound queues get one slot more than there are cores', () => {
    const ocr = fleetOf('all', 6).activities.find(({ queue }) => queue === queues.documentsOcr);
    expect(ocr?.slots).toBe(7);
  });

  it('a name by which a source calls a task means one task only', () => {
    const rows = catalogue as readonly AnyTask[];
    const names = rows.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('BP-1 each task has one purpose, said in one sentence', () => {
    for (const { purpose } of catalogue as readonly AnyTask[]) expect(purpose).toMatch(/^[A-Z][^]*\.$/);
  });
});

describe('rates', () => {
  it.each([
    ['10/s', 10],
    ['100/m', 1.667],
    ['36/h', 0.01],
    ['5', 5],
    ['0.5/s', 0.5],
  ])('Celery writes %s for %d a second', (text, expected) => {
    const rate = parseRate(text);
    expect(rate && Number(perSecond(rate).toFixed(3))).toBe(expected);
  });

  it.each(['', '0/s', '-1/s', '10/d', 'ten', '10/s; drop', '1e9/s'])('refuses %j', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });

  it('are written as Celery does', () => {
    expect(formatRate({ count: 100, perMs: 60_000 })).toBe('100/m');
    expect(formatRate({ count: 1, perMs: 3_000 })).toBe('0.333/s');
  });
});
