/** The commands of dead letters, over a client that notes what it is asked. */
import { describe, expect, it } from 'vitest';
import { testCli } from '../../support/fakes/cli.ts';

describe('perennial dlq', () => {
  it('lists letters, and says where the next page begins', async () => {
    const cli = testCli();
    const { code, stdout, stderr } = await cli.run('dlq', 'list', '--task', 'samples.addOne', '--limit', '1');
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual(['listLetters', { task: 'samples.addOne' }, { limit: 1 }]);
    expect(stdout).toMatch(/t1 +samples\.addOne .*BackendUnavailable +0f3c9a51be77 +no answer/);
    expect(stderr).toContain('--after 1');
  });

  it('lists causes', async () => {
    const cli = testCli();
    const { code, stdout } = await cli.run('dlq', 'causes', '--class', 'transient');
    expect(code).toBe(0);
    expect(stdout).toMatch(/0f3c9a51be77 +137 +130 +samples\.addOne/);
  });

  it('exports every page as lines of JSON', async () => {
    const cli = testCli();
    const { code, stdout } = await cli.run('dlq', 'export');
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { taskId: string }).taskId)).toEqual(['t1', 't2']);
  });

  it('redrives one with another input, by whom and why', async () => {
    const cli = testCli();
    const told = ['--input', '{"data": 2}', '--by', 'ada', '--reason', 'put back'];
    const { code, stdout } = await cli.run('dlq', 'redrive', 't1', ...told);
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual(['redrive', 't1', { by: 'ada', reason: 'put back', input: { data: 2 } }]);
    expect(stdout.trim()).toBe('t1.retry-1-0badcafe');
  });

  const told = { all: false, quarantined: false, whole: false };

  it('starts the redrive of many, and says how to watch it', async () => {
    const cli = testCli();
    const words = ['dlq', 'redrive', '--cause', '0f3c9a51be77', '--rate', '2', '--by', 'ada'];
    const { code, stdout } = await cli.run(...words);
    expect(code).toBe(0);
    const options = { ...told, by: 'ada', perSecond: 2 };
    expect(cli.client.asked).toContainEqual(['redriveAll', { fingerprint: '0f3c9a51be77' }, options]);
    expect(stdout).toBe('Started redrive-1\nWatch it with: perennial dlq redrives show redrive-1 --follow\n');
  });

  it('follows it to its end, and ends with 1 when some could not be started', async () => {
    const cli = testCli();
    const { code, stdout, stderr } = await cli.run('dlq', 'redrive', '--all', '--limit', '5', '--follow');
    expect(code).toBe(1);
    expect(cli.client.asked).toContainEqual([
      ...['redriveAll', {}],
      expect.objectContaining({ ...told, all: true, limit: 5, perSecond: 10 }),
    ]);
    expect(stderr).toContain('finished: 1 done, 0 left, 1 failed');
    expect(stderr).toContain('t2: no such task');
    expect(stdout).toMatch(/state +finished/);
  });

  it('says in a dry run what would be done', async () => {
    const cli = testCli();
    const { code, stdout, stderr } = await cli.run('dlq', 'redrive', '--all', '--dry-run', '--quarantined');
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual(['dryRun', {}, { quarantined: true, whole: false }]);
    expect(stdout).toMatch(/steps kept +8/);
    expect(stderr).toContain('Nothing was started.');
  });

  it.each([
    ['dlq', 'redrives'],
    ['dlq', 'redrives', 'list'],
  ])('lists redrives with %j', async (...words) => {
    const cli = testCli();
    const { code, stdout, stderr } = await cli.run(...words);
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual(['redrives', { limit: 50 }]);
    expect(stdout).toMatch(/redrive-1 +finished .*ada +fingerprint=0f3c9a51be77 +1 +0 +1 +put back/);
    expect(stderr).toContain('--after x');
  });

  it('shows a redrive, with what could not be started and who steered it', async () => {
    const cli = testCli();
    const { code, stdout, stderr } = await cli.run('dlq', 'redrives', 'show', 'redrive-9');
    expect(code).toBe(0);
    expect(stdout).toMatch(/id +redrive-9/);
    expect(stderr).toContain('t2: no such task');
    expect(stderr).toContain('2026-01-01T00:00:30.000Z pause by bob');
  });

  it.each(['pause', 'resume', 'abort'])('%s steers a redrive', async (verb) => {
    const cli = testCli();
    const { code } = await cli.run('dlq', 'redrives', verb, 'redrive-9', '--by', 'eve');
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual([`${verb}Redrive`, 'redrive-9', 'eve']);
  });

  it.each([
    [['dlq', 'redrive'], 'expected the id of a task, a filter such as --cause, or --all'],
    [['dlq', 'redrive', '--all', '--input', '{}'], '--input: expected the id of one task beside it'],
    [['dlq', 'redrive', 't1', '--dry-run'], '--dry-run: expected a filter or --all'],
    [['dlq', 'redrive', 't1', '--input', '{'], '--input'],
  ])('refuses %j', async (words, message) => {
    const cli = testCli();
    const { code, stderr } = await cli.run(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each(['resolve', 'discard'] as const)('%s closes one', async (verb) => {
    const cli = testCli();
    const { code, stdout } = await cli.run('dlq', verb, 't1', '--by', 'ada', '--reason', 'by hand');
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual([
      { resolve: 'resolved', discard: 'discarded' }[verb],
      't1',
      { by: 'ada', reason: 'by hand' },
    ]);
    expect(stdout).toMatch(/resolvedBy +ada/);
  });
});
