import { WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { createImportJobs } from '../../../client/imports/jobs.ts';
import type { ImportJobs } from '../../../client/imports/types.ts';
import { InvalidInput, NotFound } from '../../../client/index.ts';
import type { ImportInput } from '../../../contracts/imports/schema.ts';
import { type FakeStarts, rpcOver } from '../../support/fakes/starts.ts';

interface FakeServer extends FakeStarts {
  readonly cancelled: string[];
  /** Status at each look; the last one stays. None: no such workflow. */
  statuses: string[];
  result: object;
}

function fakeServer(): FakeServer {
  return { started: [], cancelled: [], statuses: ['RUNNING'], result: {} };
}

/** The few calls of a Temporal client that imports need; the progress counts the looks at the status. */
function jobsOver(server: FakeServer): ImportJobs {
  let looks = 0;
  const more = {
    result: () => Promise.resolve(server.result),
    getHandle: (id: string) => ({
      describe: () => {
        const name = server.statuses[Math.min(looks, server.statuses.length - 1)];
        looks += 1;
        if (name === undefined) return Promise.reject(new WorkflowNotFoundError('no', id, undefined));
        const memo = server.started.find(({ options }) => options.workflowId === id)?.options.memo;
        return Promise.resolve({ status: { name }, memo, raw: {} });
      },
      query: (name: string) => Promise.resolve({ name, saved: Math.floor(looks / 2) }),
      cancel: () => {
        if (server.statuses.length === 0) return Promise.reject(new WorkflowNotFoundError('no', id, undefined));
        server.cancelled.push(id);
        return Promise.resolve();
      },
    }),
  };
  return createImportJobs({ rpc: rpcOver(server, more), importRecords: undefined });
}

const source = { url: 'https://example.com/users.csv' };

describe('client.imports', () => {
  it('IMPORT-1 starts the workflow with explicit arguments, joining a run that is under way', async () => {
    const server = fakeServer();
    const input: ImportInput = { source, schema: 'users', onConflict: 'skip' };
    const job = await jobsOver(server).start(input, { id: 'monday' });
    expect(job.id).toBe('import-monday');
    expect(server.started).toMatchObject([
      {
        workflow: 'dataImport',
        options: {
          workflowId: 'import-monday',
          taskQueue: 'perennial.workflows',
          args: [input],
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        },
      },
    ]);
  });

  it('IDEM-4 an import that is done already under this id is found, not run again; without an id each is another', async () => {
    const server = fakeServer();
    const [a, b] = await Promise.all([1, 2].map(() => jobsOver(server).start({ source })));
    expect(a?.id).not.toBe(b?.id);
    server.result = { status: 'complete', saved: 3 };
    server.statuses = ['COMPLETED'];
    await jobsOver(server).start({ source }, { id: 'monday' });
    const job = await jobsOver(server).start({ source, window: 2 }, { id: 'import-monday' });
    expect(server.started).toHaveLength(3);
    expect(job.id).toBe('import-monday');
    expect(await job.result()).toEqual({ status: 'complete', saved: 3 });
  });

  it('passes on a start that fails otherwise', async () => {
    const server = fakeServer();
    server.failStart = new TypeError('something else');
    await expect(jobsOver(server).start({ source })).rejects.toThrow('something else');
  });

  it.each([
    ['no source', {}, 'source'],
    ['two sources', { source: { ...source, path: '/a' } }, 'source'],
    ['an address of another kind', { source: { url: 'ftp://example.com/a.csv' } }, 'source.url'],
    ['a checksum that is none', { source, sha256: 'abc' }, 'sha256'],
    ['a window of nothing', { source, window: 0 }, 'window'],
    ['an unknown option', { source, colour: 'red' }, ''],
  ])('SEC-1 %s starts nothing, and names the field', async (_what, input, field) => {
    const server = fakeServer();
    const error: unknown = await jobsOver(server)
      .start(input as ImportInput)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).fields.map((fault) => fault.field).join()).toContain(field);
    expect(server.started).toEqual([]);
  });

  it.each(['a b', '', 'x'.repeat(201), '../x', 'ä'])('refuses the id %j', async (id) => {
    const server = fakeServer();
    await expect(jobsOver(server).start({ source }, { id })).rejects.toThrow(InvalidInput);
    expect(() => jobsOver(server).get(id)).toThrow(InvalidInput);
    expect(server.started).toEqual([]);
  });

  it('P3-18 an unknown schema is refused before anything is downloaded, with the names that are known', async () => {
    const server = fakeServer();
    const started = jobsOver(server).start({ source, schema: 'toString' });
    await expect(started).rejects.toMatchObject({
      type: 'ImportSchemaUnknown',
      message: expect.stringMatching(/users.*got 'toString'/) as string,
    });
    expect(server.started).toEqual([]);
  });
});

describe('the handle of an import', () => {
  it('follows each change once, and ends with the import', async () => {
    const server = fakeServer();
    server.statuses = ['RUNNING', 'RUNNING', 'RUNNING', 'COMPLETED'];
    const seen: unknown[] = [];
    for await (const step of jobsOver(server).get('monday').follow({ intervalMs: 1 })) seen.push(step);
    expect(seen).toEqual([0, 1, 2].map((saved) => ({ name: 'importProgress', saved })));
  });

  it('gives the rejects of the result, and none where there are none', async () => {
    const server = fakeServer();
    const rejects = { store: 'file', key: 'imports/rejects/x', size: 1, sha256: 'x' };
    server.result = { status: 'partial', rejects };
    expect(await jobsOver(server).get('monday').rejects()).toEqual(rejects);
    server.result = { status: 'complete' };
    expect(await jobsOver(server).get('monday').rejects()).toBeUndefined();
  });

  it('IMPORT-6 a cancel asks the import itself; one that never was is not found', async () => {
    const server = fakeServer();
    await jobsOver(server).get('monday').cancel();
    expect(server.cancelled).toEqual(['import-monday']);
    server.statuses = [];
    await expect(jobsOver(server).get('nope').cancel()).rejects.toThrow(NotFound);
  });
});
