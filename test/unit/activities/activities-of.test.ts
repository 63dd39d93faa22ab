/** The one way from rows to activities: what fits compiles and works, what does not fit does not compile. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { createDocumentActivities } from '../../../activities/documents/index.ts';
import type { DocumentPorts } from '../../../activities/documents/ports.ts';
import { activitiesOf } from '../../../activities/shell/activities-of.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { withAttempt } from '../../../activities/shell/attempt.ts';
import type { ShellOptions } from '../../../activities/shell/shell.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { taskRow } from '../../../contracts/tasks/definition.ts';
import { fourTimes180s, standardLimits } from '../../../contracts/tasks/policies.ts';
import { silentLog } from '../../support/silent-log.ts';

const common = {
  queue: queues.documentsDefault,
  purpose: 'For this test.',
  retry: fourTimes180s,
  limits: standardLimits,
};

const rows = {
  ship: taskRow<{ order: string }, { shipped: boolean }>()({ name: 'shop.ship', ...common }),
  count: taskRow<null, number>()({ name: 'shop.count', ...common }),
} as const;

const schemas = {
  'shop.ship': { input: z.object({ order: z.string() }), output: z.object({ shipped: z.boolean() }) },
  'shop.count': { input: z.null(), output: z.number() },
} as const;

interface ShopPorts {
  readonly stock: readonly string[];
}

const bodies = ({ stock }: ShopPorts) => ({
  ship: ({ order }: { order: string }) => Promise.resolve({ shipped: stock.includes(order) }),
  count: () => Promise.resolve(stock.length),
});

const nothing = (): void => undefined;
const options: ShellOptions = {
  log: () => silentLog,
};

/** One attempt for a server, without one. */
function attempt<T>(work: () => Promise<T>): Promise<T> {
  const { signal } = new AbortController();
  const place = { attempt: 1, taskId: '1', workflowId: 'w', queue: common.queue, lastHeartbeat: undefined };
  return withAttempt({ ...place, inline: false, signal, heartbeat: nothing }, work);
}

describe('activities of a domain', () => {
  const create = activitiesOf(rows, schemas, bodies);

  it('are made of what bodies use and what shells share', () => {
    expectTypeOf(create).toEqualTypeOf<(ports: ShopPorts, options: ShellOptions) => Activities>();
    expectTypeOf(createDocumentActivities).parameter(0).toEqualTypeOf<DocumentPorts>();
  });

  it('run each body under the name of its row, behind its own schemas', async () => {
    const activities = create({ stock: ['a'] }, options);
    expect(Object.keys(activities)).toEqual(['shop.ship', 'shop.count']);
    await expect(attempt(() => activities['shop.ship']!({ order: 'a' }))).resolves.toEqual({ shipped: true });
    await expect(attempt(() => activities['shop.count']!(null))).resolves.toBe(1);
    await expect(attempt(() => activities['shop.ship']!(null))).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('know the types of input and context inside of a body', () => {
    activitiesOf(rows, schemas, () => ({
      ship: (input, context) => {
        expectTypeOf(input).toEqualTypeOf<{ order: string }>();
        expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
        return Promise.resolve({ shipped: true });
      },
      count: () => Promise.resolve(1),
    }));
  });

  it('do not compile, and are not made, without a body', () => {
    const { ship } = bodies({ stock: [] });
    // @ts-expect-error no body for count
    const lacking = activitiesOf(rows, schemas, () => ({ ship }));
    expect(() => lacking({}, options)).toThrow("shop.count: expected schemas and a body for the row 'count'");
  });

  it('do not compile with a body that has no row', () => {
    const { ship, count } = bodies({ stock: [] });
    // @ts-expect-error no row for sink
    activitiesOf(rows, schemas, () => ({ ship, count, sink: count }));
  });

  it('do not compile with a body of another type', () => {
    const { ship, count } = bodies({ stock: [] });
    // @ts-expect-error gives a text where the row says a number
    activitiesOf(rows, schemas, () => ({ ship, count: () => Promise.resolve('one') }));
    // @ts-expect-error takes a number where the row says an order
    activitiesOf(rows, schemas, () => ({ ship: (order: number) => Promise.resolve({ shipped: order > 0 }), count }));
  });

  it('do not compile, and are not made, without schemas of a row, or with schemas of another type', () => {
    const { 'shop.ship': shipSchemas, 'shop.count': countSchemas } = schemas;
    // @ts-expect-error no schemas for shop.count
    const lacking = activitiesOf(rows, { 'shop.ship': shipSchemas }, bodies);
    expect(() => lacking({ stock: [] }, options)).toThrow('shop.count');
    // @ts-expect-error the output is checked for a text where the row says a number
    activitiesOf(rows, { ...schemas, 'shop.count': { ...countSchemas, output: z.string() } }, bodies);
  });
});
