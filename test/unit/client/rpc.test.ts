/** Requests of one call over a real connection, to a server that is away or does not answer. */
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NotFound, Unavailable } from '../../../client/connection/errors.ts';
import { expect, it, onTestFinished } from 'vitest';
import { createRpc } from '../../../client/connection/rpc.ts';

it('a call of many requests prints no warning about listeners', async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1', connectTimeout: 200 });
  onTestFinished(() => connection.close());
  const warnings: string[] = [];
  const note = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const rpc = createRpc(new Client({ connection }), '127.0.0.1:1', 300);
  let refused = 0;
  await rpc.call('many', (client) =>
    Promise.all(Array.from({ length: 20 }, () => client.workflowService.getSystemInfo({}).catch(() => (refused += 1)))),
  );
  await turn(); // a warning is emitted in a later turn
  expect([refused, warnings]).toEqual([20, []]);
});

/** Takes requests by gRPC and leaves the first so many about schedules without an answer; it knows no schedule. */
async function startForgetful(lost: number): Promise<{ readonly address: string; readonly asked: () => number }> {
  let asked = 0;
  const server = createServer();
  server.on('stream', (stream, headers) => {
    const aboutSchedule = headers[':path']?.endsWith('/DescribeSchedule') === true;
    if (aboutSchedule) asked += 1;
    if (aboutSchedule && asked <= lost) return;
    stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': aboutSchedule ? '5' : '0' }));
    stream.end(aboutSchedule ? undefined : Buffer.alloc(5)); // an empty message
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked: () => asked };
}

it.each([
  ['is asked again', { lost: 1, deadlineMs: 10_000, failure: NotFound, asked: 2 }],
  ['is given up at the deadline of the call', { lost: 9, deadlineMs: 4_000, failure: Unavailable, asked: 2 }],
])('a question that was lost %s', async (_name, { lost, deadlineMs, failure, asked }) => {
  const server = await startForgetful(lost);
  const connection = await Connection.connect({ address: server.address });
  onTestFinished(() => connection.close());
  const rpc = createRpc(new Client({ connection }), server.address, deadlineMs);
  const began = performance.now();
  const described = rpc.ask('nightly', (client) => client.schedule.getHandle('nightly').describe());
  await expect(described).rejects.toBeInstanceOf(failure);
  expect(performance.now() - began).toBeLessThan(deadlineMs + 1_000);
  expect(server.asked()).toBe(asked);
});
