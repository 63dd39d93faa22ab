/** A canvas with a condition, a map over an earlier result, a join policy and an approval through the whole product. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { call, chain, group } from '../../support/canvas/signatures.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';
import { eventually } from '../../support/tasks.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack({ components: ['temporal', 'postgres', 'worker', 'api'] });
});
afterAll(() => world.stop());

/** Squares what comes before it; where the second entry cannot be squared, a person is asked. */
const squares = (second: Signature): Signature =>
  chain(
    group(call('samples.addOne', { data: 1 }), second),
    call('perennial.map', { task: call('samples.square'), limit: 2, join: { policy: 'collect' } }),
    call('perennial.when', {
      test: { path: [1, 'ok'], equals: false },
      then: call('perennial.approval', { message: 'Go on without it?', timeout: 3_600, gives: 'decision' }),
    }),
  );

async function ask(route: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${world.stack.addresses.api ?? ''}${route}`, sent);
  return { status: response.status, body: await response.json() };
}

describe('steps of a canvas through the whole product', () => {
  it('CANVAS-9 CANVAS-10 started, approved and watched over HTTP; the client sees the same run', async () => {
    const started = await ask('/v1/canvas', { canvas: squares(call('samples.upperCase', { data: 'x' })) });
    expect(started.status).toBe(202);
    const { id } = started.body as { id: string };
    await eventually(async () => (await world.client.canvas.approvals(id)).length === 1);
    const waiting = await ask(`/v1/canvas/${id}/approvals`);
    expect(waiting.body).toMatchObject({ items: [{ message: 'Go on without it?' }] });
    const [{ path }] = (waiting.body as { items: [{ path: string }] }).items;
    const route = `/v1/canvas/${id}/approvals/${encodeURIComponent(path)}`;
    const by = { by: 'Ada', note: 'one is enough' };
    expect(await ask(route, { decision: 'approve', ...by })).toMatchObject({ status: 200 });
    expect(await world.client.canvas.get(id).result({ timeoutMs: 60_000 })).toMatchObject({
      approved: true,
      ...by,
      value: [
        { ok: true, value: 4 },
        { ok: false, failure: { type: 'InvalidInput', task: 'samples.square' } },
      ],
    });
    expect((await ask(`/v1/canvas/${id}`)).body).toMatchObject({ status: 'completed', failed: 1 });
    expect((await ask(`/v1/canvas/${id}/result`)).body).toMatchObject({ state: 'SUCCESS', ready: true });
  });

  it('nobody is asked where the condition does not hold', async () => {
    const run = await world.client.canvas.run(squares(call('samples.addOne', { data: 2 })));
    expect(await run.result({ timeoutMs: 60_000 })).toEqual([4, 9].map((value) => ({ ok: true, value })));
  });

  it('options that cannot be are refused over HTTP before anything starts', async () => {
    const canvas = squares(call('samples.addOne', { data: 2 }));
    const refused = await ask('/v1/canvas', { canvas, options: { compensate: call('samples.addOne') } });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('options.compensate');
  });
});
