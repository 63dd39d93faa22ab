import { describe, expect, it } from 'vitest';
import { type AnyTask, catalogue } from '../../../contracts/catalogue.ts';
import { activityQueues } from '../../../contracts/register.schema.ts';
import type { FleetRow } from '../../../contracts/queues/fleets.ts';
import { queueRow, queueTable } from '../../../contracts/queues/table.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { formatRate, parseRate, perSecond } from '../../../contracts/queues/rates.ts';
import { fleetOf, type FleetSettings } from '../../../workers/fleets.ts';

describe('the table of queues', () => {
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

  it('RATE-2 takes other rates from the configuration, and none when they are switched off', () => {
    const ratesOf = (settings: FleetSettings): unknown =>
      Object.fromEntries(
        fleetOf('all', 2, 'none', settings).activities.flatMap(({ queue, perSecond: each }) =>
          each === undefined ? [] : [[queue, Number(each.toFixed(3))]],
        ),
      );
    const own = ratesOf({});
    expect(own).toEqual(
      Object.fromEntries(
        activityQueues().flatMap((queue) => {
          const { rate } = queueRow(queue);
          return rate === undefined ? [] : [[queue, Number(perSecond(rate).toFixed(3))]];
        }),
      ),
    );
    const [queue = ''] = activityQueues();
    expect(ratesOf({ rates: { [queue]: { count: 60, perMs: 60_000 } } })).toEqual({ ...(own as object), [queue]: 1 });
    expect(ratesOf({ rates: { [queue]: { count: 60, perMs: 60_000 } }, disableRateLimits: true })).toEqual({});
  });

  it('WORK-16 keeps the prefetch of the sources for the record: 1 and 4, 2 for mail of MINGUS, 10 for short tasks', () => {
    const prefetchOf = (prefix: string): readonly unknown[] => [
      ...new Set(queueTable.filter(({ queue }) => queue.startsWith(prefix)).map(({ prefetch }) => prefetch)),
    ];
    expect(['messaging.email_', 'messaging.sms_', 'admin.', 'data.', 'ai.', 'cases.'].map(prefetchOf)).toEqual([
      [2],
      [1],
      [1],
      [1],
      [1],
      [4],
    ]);
    const { documentsOcr, documentsLowPriority, documentsEmail, documentsApiCalls, documentsDefault } = queues;
    const own = [documentsOcr, documentsLowPriority, documentsEmail, documentsApiCalls, documentsDefault];
    expect(own.map((queue) => queueRow(queue).prefetch)).toEqual([1, 1, 10, 10, 4]);
  });
});

describe('P3-10 fleets', () => {
  it('each queue that has tasks is served by one of the other fleets, so that an installation of these lacks none', () => {
    const others = (['workflows', 'documents', 'messaging', 'billing', 'ai', 'data', 'media'] as const).flatMap(
      (fleet) => fleetOf(fleet, 2).activities,
    );
    const all = fleetOf('all', 2).activities;
    expect(others.map(({ queue }) => queue).toSorted()).toEqual(all.map(({ queue }) => queue).toSorted());
  });

  it('P3-10 the fleet for everything serves exactly the queues that have tasks, and the regions', () => {
    const served = fleetOf('all', 2).activities.map(({ queue }) => queue);
    expect(new Set(served).size).toBe(served.length);
    for (const queue of activityQueues()) expect(served).toContain(queue);
    expect(served.filter((queue) => !queue.includes('@')).sort()).toEqual([...activityQueues()].sort());
    expect(served.filter((queue) => queue.includes('@'))).toHaveLength(4);
  });

  it('P3-10 fleets of an application and `rest` serve each queue once, those of the application with slots of their own', () => {
    const own = [
      { fleet: 'readers', queues: [queues.documentsOcr, queues.documentsDefault], slots: 'cores', processes: 2 },
      { fleet: 'mail', queues: [queues.documentsEmail], processes: 1 },
    ].map((row): FleetRow => ({ ...row, slots: row.slots as FleetRow['slots'], purpose: '' }));
    const served = (fleet: string): readonly string[] =>
      fleetOf(fleet, 2, 'asia', { own }).activities.map(({ queue }) => queue);
    expect(served('readers').toSorted()).toEqual(['documents.default', 'documents.default@asia', 'documents.ocr']);
    expect([...served('readers'), ...served('mail'), ...served('rest')].toSorted()).toEqual(served('all').toSorted());
    expect(fleetOf('readers', 2, 'none', { own }).workflows).toBe(false);
    expect(fleetOf('rest', 2, 'none', { own }).workflows).toBe(true);
    expect(new Set(fleetOf('readers', 2, 'none', { own }).activities.map(({ slots }) => slots))).toEqual(new Set([3]));
    expect(fleetOf('mail', 2, 'none', { own }).activities).toEqual(
      fleetOf('all', 2, 'none').activities.filter(({ queue }) => queue === queues.documentsEmail),
    );
    expect(() => fleetOf('other', 2, 'none', { own })).toThrow(
      "messaging, billing, ai, data, media, readers, mail, got 'other'",
    );
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
