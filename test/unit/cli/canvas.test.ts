import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testCli } from '../../support/fakes/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'perennial-canvas-'));
const file = (name: string, text: string | Buffer): string => {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
};

describe('perennial canvas', () => {
  it('starts the canvas of a file', async () => {
    const cli = testCli();
    const canvas = { task: 'email.send', kwargs: {} };
    const { code, stdout } = await cli.run('canvas', 'run', file('ok.json', JSON.stringify(canvas)), '--id', 'x');
    expect([code, stdout]).toEqual([0, 'Started x\n']);
    expect(cli.client.asked).toContainEqual(['canvas', canvas, { id: 'x' }]);
  });

  it('waits and prints the result', async () => {
    const cli = testCli();
    cli.client.jobResult = () => Promise.resolve([1, 2]);
    const { code, stdout } = await cli.run('canvas', 'run', file('wait.json', '{"task":"t"}'), '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ id: 'canvas:c1', result: [1, 2] });
  });

  it('waits for a run that was started before, and prints its result', async () => {
    const cli = testCli();
    cli.client.jobResult = () => Promise.resolve({ sum: 3 });
    const { code, stdout } = await cli.run('canvas', 'result', 'c1');
    expect([code, JSON.parse(stdout)]).toEqual([0, { sum: 3 }]);
  });

  it('says what is wrong with the file, before anything starts', async () => {
    const cli = testCli();
    expect((await cli.run('canvas', 'run', path.join(folder, 'none.json'))).code).toBe(2);
    expect((await cli.run('canvas', 'run', file('bad.json', '{'))).code).toBe(2);
    const large = await cli.run('canvas', 'run', file('large.json', '{"task":"a","args":[9007199254740993]}'));
    expect([large.code, large.stderr]).toEqual([2, expect.stringContaining('args[0]: expected an integer within')]);
    const latin1 = await cli.run('canvas', 'run', file('latin1.json', Buffer.from('{"task":"Z\u00fcrich"}', 'latin1')));
    expect([latin1.code, latin1.stderr]).toEqual([2, expect.stringContaining('not UTF-8, from byte 10 on')]);
    expect(cli.client.asked).toEqual([]);
  });

  it('MON-4 shows how far a run is, and which calls failed', async () => {
    const cli = testCli();
    const { code, stdout } = await cli.run('canvas', 'status', 'canvas:c1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/calls +10\n/);
    expect(stdout).toMatch(/left +about 2 min\n/);
    expect(stdout).toContain('root/1 samples.add: FileMissing: gone');
    const json = await cli.run('canvas', 'status', 'canvas:c1', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ total: 10, retrying: 1, failures: [{ path: 'root/1' }] });
    expect((await cli.run('canvas', 'status', 'unknown')).code).toBe(1);
  });

  it('MON-4 draws the tree, and says how to see what is left out', async () => {
    const cli = testCli();
    const { stdout } = await cli.run('canvas', 'tree', 'c1', '--path', 'root', '--depth', '2', '--limit', '2');
    expect(stdout).toBe(
      [
        'root group: running',
        '  root/0 samples.add: retrying, in canvas:c1/part/1, 2 attempts, waited 20 ms, again after 4000 ms, BackendUnavailable: away',
        '  … 1 more: --path root --after 1',
        '',
      ].join('\n'),
    );
    expect(cli.client.asked).toContainEqual(['tree', 'c1', { path: 'root', depth: 2, limit: 2 }]);
    expect((await cli.run('canvas', 'tree', 'c1', '--depth', 'deep')).code).toBe(2);
  });

  it('MON-5 cancels a run, and runs failed members again', async () => {
    const cli = testCli();
    expect((await cli.run('canvas', 'cancel', 'c1')).stdout).toBe('Cancelling c1\n');
    expect((await cli.run('canvas', 'retry', 'c1')).stdout).toBe('Started c1.retry-1-00000000\n');
    expect(cli.client.asked.filter(([what]) => what !== 'close')).toEqual([
      ['cancelCanvas', 'c1'],
      ['retryFailed', 'c1'],
    ]);
  });

  it('MON-5 revokes a part of a run', async () => {
    const cli = testCli();
    const { stdout } = await cli.run('canvas', 'revoke', 'c1', 'root/1');
    expect(stdout).toBe('Revoked root/1; 2 calls were under way\n');
    expect(cli.client.asked[0]).toEqual(['revokeCalls', 'c1', 'root/1']);
  });

  it('runs conformance cases in a process of its own', async () => {
    const cli = testCli();
    const cases = [{ id: 'one', canvas: { task: 'add', args: [1, 2] } }];
    const { code, stdout } = await cli.run(
      'conformance',
      file('c.json', JSON.stringify({ cases })),
      '--local',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ one: { get: { value: 3 }, executed: { add: 1 }, logs: {} } });
  });
});

describe('perennial canvas approvals, approve and reject', () => {
  it('lists what waits, and passes a decision on with who made it', async () => {
    const cli = testCli();
    expect((await cli.run('canvas', 'approvals', 'c1')).stdout).toMatch(/^path +until +message\nroot\/1 +Pay it\?\n$/);
    const { code, stdout } = await cli.run('canvas', 'approve', 'c1', 'root/1', '--by', 'Ada', '--reason', 'fine');
    expect([code, stdout]).toEqual([0, 'approve: root/1 by Ada\n']);
    expect(cli.client.asked).toContainEqual(['approve', 'c1', 'root/1', { by: 'Ada', note: 'fine' }]);
    const rejected = await cli.run('canvas', 'reject', 'c1', 'root/1', '--by', 'Ada', '--json');
    expect(JSON.parse(rejected.stdout)).toEqual({ path: 'root/1', decision: 'reject', by: 'Ada' });
  });

  it('somebody has to answer for it', async () => {
    const cli = testCli();
    expect((await cli.run('canvas', 'approve', 'c1', 'root/1')).code).toBe(2);
    expect(cli.client.asked).toEqual([]);
  });
});
