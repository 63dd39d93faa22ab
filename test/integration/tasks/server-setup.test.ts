/** What a worker does to a server that is not ours. */
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchAttributeTypes } from '../../../contracts/tasks/calls.ts';
import { prepareServer } from '../../../workers/server-setup.ts';
import { openServer, type OpenedEndpoint } from '../../support/servers/temporal.ts';
import { quietRuntime } from '../../support/temporal.ts';

let server: OpenedEndpoint;
let native: NativeConnection;
let connection: Connection;
beforeAll(async () => {
  quietRuntime();
  server = await openServer();
  const { address } = server.endpoint;
  native = await NativeConnection.connect({ address });
  connection = await Connection.connect({ address });
});
afterAll(async () => {
  await native.close();
  await connection.close();
  await server.release();
});

const logged: string[] = [];
const log = {
  info: (fields: object, message: string) => void logged.push(`info ${message} ${JSON.stringify(fields)}`),
  warn: (fields: object, message: string) => void logged.push(`warn ${message} ${JSON.stringify(fields)}`),
};
const retention = async (namespace: string): Promise<number> => {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds);
};

describe('preparing a server', () => {
  it('RES-1 keeps results for a day where the namespace would forget them earlier', async () => {
    await connection.workflowService.registerNamespace({
      namespace: 'forgetful',
      workflowExecutionRetentionPeriod: { seconds: 3600 as never }, // the generated type wants a Long
    });
    expect(await retention('forgetful')).toBe(3600);
    await prepareServer(native, 'forgetful', log);
    expect(await retention('forgetful')).toBe(86_400);
    expect(logged.join('\n')).toMatch(/info results are kept longer/);
  });

  it('registers search attributes once, and leaves a longer retention alone', async () => {
    const known = async (): Promise<string[]> => {
      const answer = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      return Object.keys(answer.customAttributes);
    };
    await prepareServer(native, 'default', log);
    expect(await known()).toEqual(expect.arrayContaining(Object.keys(searchAttributeTypes)));
    logged.length = 0;
    await prepareServer(native, 'default', log);
    expect(logged).toEqual([]);
    expect(await retention('default')).toBeGreaterThanOrEqual(86_400);
  });

  it('goes on with a warning that says what to do where it may not', async () => {
    logged.length = 0;
    await prepareServer(native, 'no-such-namespace', log);
    expect(logged.join('\n')).toMatch(/warn cannot set .*an operator must register TaskName/);
  });
});
