import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shell } from '../../../activities/shell/shell.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import { smartRetry } from '../../../contracts/tasks/policies.ts';
import { createLogger, temporalLogger, type Logger } from '../../../observability/logger.ts';
import { prettyLine } from '../../../observability/pretty.ts';
import { describeInput, maskSecrets, redact } from '../../../observability/redact.ts';
import { createTaskLog } from '../../../observability/task-log.ts';
import { quietRuntime } from '../../support/temporal.ts';

beforeAll(quietRuntime);

function capture(): { log: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const log = createLogger({
    level: 'TRACE',
    name: 'test',
    destination: {
      write: (line) => {
        written.push(line);
      },
    },
  });
  return {
    log,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(''),
  }; // each line is an object
}

const SECRET = 'hunter2hunter2';
const CONTENT = 'Dear Mr Smith, your diagnosis';

describe('LOG-1: the life of a task', () => {
  it('RETRY-3 warns of each retry with its attempt and the delay before the next one, and of no other failure', async () => {
    const { log, lines } = capture();
    const row = { ...sampleTasks.addOne, retry: smartRetry };
    const schemas = { input: z.unknown(), output: z.number() };
    const fails = (): Promise<number> => Promise.reject(new PerennialError('BackendUnavailable', 'no luck'));
    const activity = shell(row, schemas, fails, { log: (task) => createTaskLog(log, task) });
    for (const attempt of [3, 6])
      await new MockActivityEnvironment({ attempt }).run(activity, {}).catch(() => undefined);
    const [retried, failed] = lines().filter(({ state }) => state !== 'STARTED');
    expect(retried).toMatchObject({ level: 'WARN', state: 'RETRY', retry_count: 2, task_name: 'samples.addOne' });
    // The third attempt of 60 s, 120 s, 240 s …, give or take a quarter.
    expect(retried?.['retry_in_ms']).toBeGreaterThanOrEqual(180_000);
    expect(retried?.['retry_in_ms']).toBeLessThan(300_000);
    expect(failed).toMatchObject({ level: 'ERROR', state: 'FAILURE', retry_count: 5 });
    expect(failed).not.toHaveProperty('retry_in_ms');
  });

  it('logs start, end and failure without contents', () => {
    const { log, lines, text } = capture();
    const task = createTaskLog(log, { taskName: 'documents.readDocument', taskId: 't-1', attempt: 2 });
    task.started({ documentId: 'd-1', language: 'eng', text: CONTENT, nested: { note: CONTENT, firstPage: 3 } });
    task.succeeded({ pages: 4, text: CONTENT });
    task.failed(new Error('no luck'), true);
    task.failed(Object.assign(new Error('gone'), { parameters: [CONTENT], detail: CONTENT }), false);
    task.revoked('CANCELLED');
    expect(lines().map(({ state }) => state)).toEqual(['STARTED', 'SUCCESS', 'RETRY', 'FAILURE', 'REVOKED']);
    expect(lines()[4]).toMatchObject({ level: 'WARN', task_id: 't-1', reason: 'terminated', cause: 'CANCELLED' });
    expect(lines()[0]).toMatchObject({
      described_input: {
        documentId: 'd-1',
        language: 'eng',
        text: '[redacted]',
        nested: { note: '[redacted]', firstPage: 3 },
      },
    });
    expect(lines()[1]).toMatchObject({ described_output: { pages: 4, text: '[redacted]' } });
    expect(lines()[3]).toMatchObject({
      level: 'ERROR',
      err: { type: 'Error', message: 'gone', stack: expect.stringContaining('logger.test') as string },
    });
    expect(text()).not.toContain('Smith');
  });

  it('has the lines of the body, whose fields replace none of the attempt and hide what is private', () => {
    const { log, lines, text } = capture();
    const task = createTaskLog(log, { taskName: 'text.countWords', taskId: 't-1', attempt: 2 });
    task.body.warn('slow', { task_id: 'forged', password: SECRET, email: 'ada@example.com', words: 3 });
    task.body.info('done');
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'WARN',
        msg: 'slow',
        task_name: 'text.countWords',
        task_id: 't-1',
        retry_count: 1,
        fields: expect.objectContaining({ task_id: 'forged', words: 3 }) as object,
      }),
      expect.objectContaining({ level: 'INFO', msg: 'done', task_id: 't-1' }),
    ]);
    expect(text()).not.toContain(SECRET);
    expect(text()).not.toContain('ada@example.com');
  });

  it('is one line for each attempt at the level info, with what it was given', () => {
    const written: string[] = [];
    const log = createLogger({
      level: 'INFO',
      name: 'test',
      destination: { write: (line) => void written.push(line) },
    });
    const task = createTaskLog(log, { taskName: 'documents.readDocument', taskId: 't-1', attempt: 1 });
    task.started({ documentId: 'd-1', text: CONTENT });
    task.succeeded({ pages: 4 });
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0]!)).toMatchObject({
      described_input: { documentId: 'd-1', text: '[redacted]' },
      described_output: { pages: 4 },
    });
  });

  it('shows of unknown fields their name only', () => {
    expect(describeInput({ documentIds: ['a', 'b', 'c', 'd', 'e', 'f'], recipients: ['x@y.z'], count: 6 })).toEqual({
      documentIds: ['a', 'b', 'c', 'd', 'e', '… 1 more'],
      recipients: '[1 items]',
      count: 6,
    });
    expect(describeInput({ batchId: CONTENT, language: { deep: 'x' } })).toEqual({
      batchId: '[redacted]',
      language: { deep: '[redacted]' },
    });
    expect(describeInput(CONTENT)).toBe('[redacted]');
  });
});

describe('LOG-2: every line', () => {
  it('tells time, level, process, task name and task id', () => {
    const { log, lines } = capture();
    createTaskLog(log, { taskName: 'documents.nextItems', taskId: 't-9', attempt: 1 }).started({});
    expect(lines()[0]).toMatchObject({
      level: 'DEBUG',
      pid: process.pid,
      name: 'test',
      task_name: 'documents.nextItems',
      task_id: 't-9',
      msg: 'task started',
    });
    expect(String(lines()[0]?.['time'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('drops what is below the level', () => {
    const written: string[] = [];
    const log = createLogger({
      level: 'WARN',
      name: 'test',
      destination: {
        write: (line) => {
          written.push(line);
        },
      },
    });
    log.info('no');
    log.warn('yes');
    expect(written).toHaveLength(1);
  });
});

describe('LOG-3: structured fields', () => {
  it('tells duration, retries and state', () => {
    const { log, lines } = capture();
    let clock = 1000;
    const task = createTaskLog(log, { taskName: 'a.b', taskId: 't', attempt: 3, workflowId: 'w' }, () => clock);
    clock += 1234;
    task.succeeded({});
    expect(lines()[0]).toMatchObject({ duration_ms: 1234, retry_count: 2, state: 'SUCCESS', workflow_id: 'w' });
  });
});

describe('secrets and contents', () => {
  it('never appear, at whatever depth and in whatever place', () => {
    const { log, text } = capture();
    log.info(
      { apiKey: SECRET, a: { password: SECRET, b: [{ token: SECRET, c: { d: { email: SECRET, API_KEY: SECRET } } }] } },
      'nested',
    );
    log.child({ authorization: SECRET, request: { password: SECRET } }).info('bound');
    log.error(new Error(`connect postgres://user:${SECRET}@db:5432/x failed`), 'as error');
    log.error(new Error(`Bearer ${SECRET}`));
    log.warn(`password=${SECRET} api_key: ${SECRET} s3://k:${SECRET}@h/b`);
    log.info({ err: new Error('outer', { cause: new Error(`token=${SECRET}`) }) }, 'cause');
    log.info(
      {
        text: CONTENT,
        args: [CONTENT],
        content: CONTENT,
        body: { x: CONTENT },
        kwargs: { y: CONTENT },
        result: CONTENT,
      },
      'contents',
    );
    log.info({ headers: { Authorization: `Bearer ${SECRET}`, 'x-api-key': SECRET } }, 'headers');
    expect(text()).not.toContain(SECRET);
    expect(text()).not.toContain('Smith');
  });

  it('copes with circles, bytes, long lists and odd values', () => {
    const circle: Record<string, unknown> = {
      bytes: new Uint8Array(3),
      big: 1n,
      list: Array.from({ length: 30 }, () => 1),
      none: null,
      f: () => 1,
    };
    circle['self'] = circle;
    expect(redact(circle)).toMatchObject({ self: '[circular]', bytes: '[3 bytes]', big: '1', none: null });
    expect((redact(circle) as { list: unknown[] }).list).toHaveLength(21); // the shape of the object is kept
  });

  it.each([
    ['plain text stays as it is: 5 tokens', 'plain text stays as it is: 5 tokens'],
    ['file:///a/b?x=1', 'file:///a/b?x=1'],
    ['https://h/?api_key=abc&x=1', 'https://h/?api_key=[redacted]&x=1'],
  ])('masks %s', (given, expected) => {
    expect(maskSecrets(given)).toBe(expected);
  });
});

describe('temporalLogger', () => {
  it('passes level, message and fields on and drops the task token', () => {
    const { log, lines, text } = capture();
    const sdk = temporalLogger(log);
    sdk.warn('Activity failed', { taskToken: 'AAAA', sdkComponent: 'worker', workflowId: 'w' });
    sdk.log('TRACE', 'x');
    expect(lines()[0]).toMatchObject({
      level: 'WARN',
      msg: 'Activity failed',
      sdkComponent: 'worker',
      workflowId: 'w',
    });
    expect(lines()[1]).toMatchObject({ level: 'TRACE' });
    expect(text()).not.toContain('taskToken');
  });
});

describe('prettyLine', () => {
  it('makes a line for people', () => {
    expect(
      prettyLine('{"level":"INFO","time":"2026-11-21T12:00:01.000Z","pid":1,"name":"api","msg":"ready","port":8080}\n'),
    ).toBe('12:00:01 INFO  api: ready port=8080');
    expect(prettyLine('not json\n')).toBe('not json');
  });
});
