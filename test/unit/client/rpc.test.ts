/** Requests of one call over a real connection, to a server that is away. */
import { setImmediate as turn } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
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
