/** `perennial tasks` and `perennial queues` over a scripted client. */
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../client/index.ts';
import { exitCodes } from '../../../contracts/values/exit-codes.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { taskInfo } from '../../support/fakes/tasks.ts';

describe('perennial tasks', () => {
  it('lists what can be called', async () => {
    const { code, stdout } = await testCli().run('tasks', 'names');
    expect(code).toBe(0);
    expect(stdout).toMatch(/samples\.add +documents\.default +Adds two numbers/);
  });

  it('calls a task with everything that a call may say', async () => {
    const cli = testCli();
    const { code, stdout } = await cli.run(
      ...['tasks', 'call', 'samples.add', '--input', '{"a":1,"b":2}', '--countdown', '5', '--priority', '9'],
      ...['--queue', 'documents.critical', '--tenant', 'acme', '--tag', 'x', 'y', '--key', 'k1', '--expires', '60'],
      ...['--soft-limit', '1', '--hard-limit', '2', '--ignore-result'],
    );
    expect([code, stdout]).toEqual([0, 't1\n']);
    expect(cli.client.asked[0]).toEqual([
      'task',
      'samples.add',
      { a: 1, b: 2 },
      expect.objectContaining({
        countdown: 5,
        priority: 9,
        queue: 'documents.critical',
        tenant: 'acme',
        tags: ['x', 'y'],
        idempotencyKey: 'k1',
        expires: 60,
        softTimeLimit: 1,
        hardTimeLimit: 2,
        ignoreResult: true,
      }),
    ]);
  });

  it('runs a task again, with another input where one is given', async () => {
    const cli = testCli();
    cli.client.scripted.infos.set('t1', taskInfo({ state: 'FAILURE' }));
    expect((await cli.run('tasks', 'retry', 't1')).stdout).toBe('t1.retry-1-00000000\n');
    const json = await cli.run('tasks', 'retry', 't1', '--input', '{"a":1}', '--json');
    expect(JSON.parse(json.stdout)).toEqual({ task_id: 't1.retry-1-00000000' });
    expect(cli.client.asked.filter(([what]) => what === 'retryTask')).toEqual([
      ['retryTask', 't1', {}],
      ['retryTask', 't1', { input: { a: 1 } }],
    ]);
    expect((await cli.run('tasks', 'retry', 'unknown')).code).toBe(1);
  });

  it('waits when asked to, and fails with a task that failed', async () => {
    const cli = testCli();
    const failed = taskInfo({ state: 'FAILURE', result: 'gone', failed: true, successful: false });
    cli.client.scripted.infos.set('t1', failed);
    const { code, stdout } = await cli.run('tasks', 'call', 'samples.add', '--wait', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual(failed);
  });

  it.each([
    [['tasks', 'call', 'samples.add', '--input', '{oops'], /expected JSON/],
    [['tasks', 'call', 'samples.add', '--priority', 'high'], /expected a number/],
    [['tasks', 'revoke'], /expected the id of a task/],
    [['tasks', 'revoke', 't1', '--tag', 'x'], /and not both/],
    [['queues', 'pause', 'documents.email'], /--reason/],
    [['queues', 'rate', 'documents.email', 'fast', '--reason', 'x'], /expected a rate like/],
  ])('a wrong command line starts nothing and ends with 2: %j', async (args, message) => {
    const cli = testCli();
    const { code, stderr } = await cli.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(cli.client.asked.filter(([what]) => what !== 'close')).toEqual([]);
  });

  it('ROUTE-2 says where a task goes, ours or one of the sources', async () => {
    const route = async (...args: string[]): Promise<unknown> =>
      JSON.parse((await testCli().run('tasks', 'route', ...args, '--json')).stdout);
    expect(await route('celery_app.tasks.ocr_tasks.process_document_ocr', '--urgent')).toEqual({
      queue: 'documents.high_priority',
      priority: 9,
      band: 'high',
      routing_key: null,
      soft_s: 300,
      hard_s: 600,
    });
    expect(await route('backend.tasks.mingus_celery_tasks.send_payment_reminder')).toMatchObject({
      routing_key: 'sms.daily',
    });
    // TIME-2: of its queue; TIME-6: of its own row.
    expect(await route('app.tasks.data_tasks.export_data')).toMatchObject({ soft_s: 240, hard_s: 300 });
    expect(await route('operations.timedTask')).toMatchObject({ soft_s: 240, hard_s: 300 });
    expect(await route('operations.userNotification')).toMatchObject({ queue: 'documents.high_priority', priority: 8 });
  });

  it('MON-4 shows where a task stands, as a table and as JSON', async () => {
    const cli = testCli();
    cli.client.scripted.infos.set('t1', taskInfo());
    expect((await cli.run('tasks', 'status', 't1')).stdout).toMatch(/state +SUCCESS/);
    expect(JSON.parse((await cli.run('tasks', 'status', 't1', '--json')).stdout)).toEqual(taskInfo());
    expect((await cli.run('tasks', 'result', 't1')).stdout).toBe('3\n');
    const unknown = await cli.run('tasks', 'status', 'nobody');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/nobody/)]);
  });

  it('MON-5 revokes one, or whatever matches', async () => {
    const cli = testCli();
    cli.client.scripted.infos.set('t1', taskInfo());
    const one = await cli.run('tasks', 'revoke', 't1', '--terminate', '--json');
    expect(JSON.parse(one.stdout)).toEqual({ status: 'revoked', task_id: 't1', terminated: true });
    const many = await cli.run('tasks', 'revoke', '--tenant', 'acme', '--task', 'samples.add');
    expect(many.stdout).toBe('revoked 2 tasks\n');
    expect(cli.client.asked.find(([what]) => what === 'revokeMatching')).toEqual([
      'revokeMatching',
      { task: 'samples.add', tenant: 'acme' },
      { terminate: false },
    ]);
    expect((await cli.run('tasks', 'list', '--tag', 'x')).stdout).toMatch(/t1 +samples\.add +PENDING/);
  });
});

describe('a cancellation that a stuck run cannot take', () => {
  it.each([
    ['tasks', 'revoke', 't1'],
    ['canvas', 'cancel', 'c1'],
    ['canvas', 'revoke', 'c1', 'root'],
  ])('%s %s tells the way out and fails', async (...args) => {
    const cli = testCli();
    cli.client.failure = new Unavailable('The cancellation is not delivered: reset it with --type LastWorkflowTask');
    cli.client.scripted.infos.set('t1', taskInfo());
    cli.client.scripted.refusal = cli.client.failure;
    const { code, stdout, stderr } = await cli.run(...args);
    expect([code, stdout]).toEqual([exitCodes.unavailable, '']);
    expect(stderr).toContain('not delivered: reset it with --type LastWorkflowTask');
  });
});

describe('perennial queues', () => {
  it('lists, pauses, resumes and drains, with a reason and a name', async () => {
    const cli = testCli();
    expect((await cli.run('queues', 'list')).stdout).toMatch(/documents\.default +running +5/);
    const reason = ['--reason', 'maintenance', '--by', 'alice'];
    expect((await cli.run('queues', 'pause', 'documents.email', ...reason)).stdout).toMatch(/documents\.email +paused/);
    expect((await cli.run('queues', 'resume', 'documents.email', ...reason)).code).toBe(0);
    expect((await cli.run('queues', 'drain', 'documents.email', ...reason, '--wait')).code).toBe(0);
    const change = { reason: 'maintenance', by: 'alice' };
    expect(cli.client.asked.filter(([what]) => what !== 'close')).toEqual([
      ['pauseQueue', 'documents.email', change],
      ['resumeQueue', 'documents.email', change],
      ['drainQueue', 'documents.email', change],
      ['untilEmpty', 'documents.email'],
    ]);
  });

  it('P3-34 sets a rate in the words of Celery, and takes it back', async () => {
    const cli = testCli();
    await cli.run('queues', 'rate', 'documents.email', '100/m', '--reason', 'x', '--by', 'a');
    await cli.run('queues', 'rate', 'documents.email', 'default', '--reason', 'x', '--by', 'a');
    const change = { reason: 'x', by: 'a' };
    expect(cli.client.asked.filter(([what]) => what === 'setRate')).toEqual([
      ['setRate', 'documents.email', { count: 100, perMs: 60_000 }, change],
      ['setRate', 'documents.email', null, change],
    ]);
  });

  it('tells a refusal with its remedy', async () => {
    const cli = testCli();
    cli.client.scripted.refusal = new PerennialError('UnknownQueue', 'queue: expected one of a, got b');
    const { code, stderr } = await cli.run('queues', 'list');
    expect(code).toBe(1);
    expect(stderr).toMatch(/expected one of a.*\n.*docs\/queues\.md/);
  });
});
