import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testCli } from '../../support/fakes/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'perennial-canvas-'));
const file = (name: string, text: string): string => {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
};

describe('perennial canvas', () => {
  it('starts the canvas of a file', async () => {
    const cli = testCli();
    const canvas = { task: 'email.send', kwargs: {} };
    const { code, stdout } = await cli.run('canvas', 'run', file('ok.json', JSON.stringify(canvas)), '--id', 'x');
    expect([code, stdout]).toEqual([0, 'Started canvas:x\n']);
    expect(cli.client.asked).toContainEqual(['canvas', canvas, { id: 'x' }]);
  });

  it('waits and prints the result', async () => {
    const cli = testCli();
    cli.client.jobResult = () => Promise.resolve([1, 2]);
    const { code, stdout } = await cli.run('canvas', 'run', file('wait.json', '{"task":"t"}'), '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ id: 'canvas:c1', result: [1, 2] });
  });

  it('says what is wrong with the file, before anything starts', async () => {
    const cli = testCli();
    expect((await cli.run('canvas', 'run', path.join(folder, 'none.json'))).code).toBe(2);
    expect((await cli.run('canvas', 'run', file('bad.json', '{'))).code).toBe(2);
    expect(cli.client.asked).toEqual([]);
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
