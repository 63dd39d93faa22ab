/** What must not be read by whoever reaches the server: put in through every door, then looked for in all it has kept. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerennial } from '../../../client/index.ts';
import { projectDir } from '../../../config/project.ts';
import { PAYLOADS_FOLDER } from '../../../contracts/canvas/vocabulary.ts';
import { call, chain, compose, group } from '../../support/canvas/signatures.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';
import { eventually } from '../../support/tasks.ts';

let world: TestStack;
const stateDir = (): string => path.join(world.inbox, '..');
beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker', 'api'],
    env: { OCR_PROCESSES: '1', LOG_LEVEL: 'DEBUG' },
  });
});
afterAll(() => world.stop());

/** Ends every secret: thousands are looked for in many megabytes, so one pass looks for what they have in common. */
const MARK = 'q7Zx';
/** Every one of them must be found nowhere. */
const secrets = new Set<string>();
function secret(kind: string): string {
  const text = `${kind}Secret${String(secrets.size + 1)}${MARK}`;
  secrets.add(text);
  return text;
}

/** The secrets that some bytes hold. */
function secretsIn(bytes: Buffer): readonly string[] {
  const found = new Set<string>();
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + 1)) {
    const before = bytes.toString('latin1', Math.max(0, at - 60), at);
    found.add(`${/[A-Za-z]+Secret\d+$/.exec(before)?.[0] ?? before}${MARK}`);
  }
  return [...found];
}

const address = (kind: string): string => `${secret(kind)}@private.example`;

/** A message whose recipient, subject and text nobody else may read; `order` stays readable. */
const message = (door: string, fields: object = {}) => ({
  messageKey: `order-${door}`,
  to: address(door),
  subject: `Code ${secret(`${door}Subject`)}`,
  body: `Your code is ${secret(`${door}Body`)}.`,
  ...fields,
});

async function post(route: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${world.stack.addresses.api ?? ''}${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown>; // every answer is an object
  expect(response.status, `${route}: ${JSON.stringify(answer)}`).toBeLessThan(300);
  return answer;
}

const inMs = { timeoutMs: 60_000 };
const { History } = proto.temporal.api.history.v1;

/** Everything that the server hands out, as bytes: histories, descriptions, schedules. */
async function everythingOnServer(): Promise<ReadonlyMap<string, Buffer>> {
  const connection = await Connection.connect({ address: world.stack.addresses.temporal });
  const client = new Client({ connection });
  const found = new Map<string, Buffer>();
  await eventually(async () => (await client.workflow.count("ExecutionStatus = 'Running'")).count === 0);
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { raw } = await handle.describe();
    const history = Buffer.from(History.encode(await handle.fetchHistory()).finish());
    found.set(`${workflowId} ${runId}`, Buffer.concat([history, Buffer.from(JSON.stringify(raw))]));
  }
  for await (const { scheduleId } of client.schedule.list()) {
    const { raw } = await client.schedule.getHandle(scheduleId).describe();
    const { payloads } = raw.schedule?.action?.startWorkflow?.input ?? {};
    found.set(scheduleId, Buffer.concat((payloads ?? []).map(({ data }) => Buffer.from(data ?? []))));
  }
  await connection.close();
  return found;
}

/** Files of the server and of the log. Blobs and PostgreSQL hold messages and addresses rightly. */
function filesOfServer(): ReadonlyMap<string, Buffer> {
  const names = (readdirSync(stateDir(), { recursive: true }) as string[]).filter((name) =>
    /^(temporal\.db|logs\/)/.test(name),
  );
  return new Map(
    names.flatMap((name) => {
      const file = path.join(stateDir(), name);
      return statSync(file).isFile() ? [[name, readFileSync(file)] as const] : [];
    }),
  );
}

/**
 * Checksums of all blobs but large payloads, whose secrets are sealed in them. Whoever reads one may find a short content,
 * such as the only recipient of a bulk, by hashing guesses.
 */
function checksumsOfBlobs(): readonly string[] {
  const names = (readdirSync(path.join(stateDir(), 'blobs'), { recursive: true }) as string[]).filter(
    (name) => !name.startsWith(PAYLOADS_FOLDER),
  );
  return names.map((name) => path.basename(name)).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

const holders = (places: ReadonlyMap<string, Buffer>, text: string): string[] =>
  [...places].filter(([place, bytes]) => place.includes(text) || bytes.includes(text)).map(([place]) => place);

/** Puts secrets in through every door, and waits until all is done. */
async function useEveryDoor(): Promise<void> {
  const { email, canvas, tasks, task, schedules, reports } = world.client;
  await world.database.query(
    `insert into users (id, email, name, last_active_at) values
     ('user-4711', $1, 'Ann', now() - interval '60 days'), ('user-4712', $2, 'Bob', now() - interval '60 days')`,
    [address('digest'), address('reminder')],
  );
  const jobs = [
    await email.send(message('client')),
    email.getEmail((await email.sendVerification(address('verify'), secret('verifyToken'))).task_id),
    email.getEmail((await email.sendPasswordReset(address('reset'), secret('resetToken'))).task_id),
    email.getEmail((await email.sendWelcome(address('welcome'), 'Ann')).task_id),
    await email.onboard({ userId: 'user-1', email: address('onboard'), verificationToken: secret('onboardToken') }),
    await email.sendWeeklyDigest(),
    await email.sendInactiveReminders(),
    await reports.export({
      userId: null,
      start: '2026-01-01',
      end: '2026-01-31',
      format: 'csv',
      email: address('export'),
    }),
    await canvas.run(
      chain(
        {
          ...group(
            call('email.send', message('group')),
            call('email.sendPasswordReset', { to: address('groupReset'), token: secret('groupToken') }),
          ),
          options: { join: { policy: 'collect' } },
        },
        // What the calls before it gave, the addresses included, is what it is given, and what it refuses.
        call('samples.countItems'),
      ),
      { id: 'canvas-4711' },
    ),
    await canvas.run(
      compose('chord', {
        header: [call('samples.add', { a: 1, b: 2 })],
        body: { ...call('email.send', message('chord')), immutable: true },
      }),
    ),
  ];
  const inline = Array.from({ length: 40 }, () => address('inline'));
  const content = { subject: `News ${secret('bulkSubject')}`, body: `<p>${secret('bulkBody')}</p>` };
  const unlike = [secret('notAnAddress'), `Ann <${address('named')}>`];
  for (const recipients of [[...inline, ...unlike], Array.from({ length: 5_001 }, () => address('manifest'))])
    jobs.push(email.getBulk((await email.sendBulk({ recipients, ...content })).group_id));
  await schedules.add({
    id: 'mail-every-year',
    timing: { cron: '0 0 1 1 *' },
    target: { task: 'email.send', input: message('schedule') },
  });
  await schedules.trigger('mail-every-year');
  const calls = [
    await tasks.call('email.sendVerification', { to: address('name'), token: secret('nameToken') }),
    await task('email.send').call(message('typed')),
    await task('email.send').call(message('linked'), { link: call('email.send', { ...message('link') }) }),
    await tasks.stream().call('email.send', message('stream')),
    await task('email.send').call(message('keyed'), {
      idempotencyKey: 'order-4711',
      headers: { from: address('header') },
    }),
  ];
  const ended = await Promise.allSettled([...jobs, ...calls].map((job) => job.result(inMs)));
  // All but the canvas whose last task is given addresses in place of numbers.
  expect(ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([
    expect.stringContaining('samples.countItems: data[0]: expected number'),
  ]);
}

/** What goes wrong tells of it: messages of failures are no payloads. */
async function failInEveryWay(): Promise<void> {
  const { canvas, imports } = world.client;
  const approver = address('approver');
  await canvas.run(call('perennial.approval', { message: `May ${address('asked')} see it?` }), { id: 'asked' });
  await eventually(async () => (await canvas.approvals('asked')).length === 1);
  await canvas.reject('asked', 'root', { by: approver, note: 'not them' });
  await expect(canvas.get('asked').result(inMs)).rejects.toThrow(`rejected by ${approver}: not them`);
  const url = `http://importer:${secret('password')}@localhost:1/list.csv?signature=${secret('signature')}`;
  const job = await imports.start({ source: { url } }, { id: 'credentials' });
  await expect(job.result(inMs)).rejects.toThrow();
  for (const input of [{ to: secret('wrongAddress'), token: secret('wrongToken') }, { password: secret('unknown') }])
    await expect((await canvas.run(call('email.sendPasswordReset', input))).result(inMs)).rejects.toThrow();
}

async function useHttpAndCommand(): Promise<void> {
  const { messageKey: _none, ...posted } = message('http');
  await post('/v1/emails', posted);
  await post('/v1/emails/password-reset', { to: address('httpReset'), token: secret('httpToken') });
  await post('/v1/emails/onboarding', {
    userId: 'user-2',
    email: address('httpUser'),
    verificationToken: secret('httpVerify'),
  });
  await post('/v1/emails/bulk', { recipients: [address('httpBulk')], subject: 'News', body: secret('httpBulkBody') });
  await post('/v1/tasks/execute', {
    task_name: 'operations.userNotification',
    kwargs: { user_id: address('executed'), message: `for ${address('executedText')}` },
  });
  await post('/v1/canvas', { canvas: call('samples.upperCase', { data: address('canvasHttp') }) });
  const perennial = promisify(execFile);
  await perennial(
    process.execPath,
    [
      'cli/perennial.mjs',
      'email',
      'send',
      address('command'),
      '--subject',
      'Hello',
      '--body',
      secret('commandBody'),
      '--wait',
    ],
    { cwd: projectDir, env: { ...process.env, STATE_DIR: stateDir() } },
  );
}

describe('SEC-5 secrets and addresses on the server', () => {
  it('stand in no history, no file of the server and no log in plain text, whatever door they came through', async () => {
    await useEveryDoor();
    await failInEveryWay();
    await useHttpAndCommand();
    const places = new Map([...(await everythingOnServer()), ...filesOfServer()]);
    // What is no secret is found, so the search finds what there is.
    for (const readable of ['order-client', 'user-1', 'canvas-4711', 'email.sendPasswordReset'])
      expect(holders(places, readable), readable).not.toEqual([]);
    expect(
      holders(new Map([...places].filter(([name]) => name.startsWith('temporal.db'))), 'order-client'),
    ).not.toEqual([]);
    expect(secrets.size).toBeGreaterThan(5_000);
    const [first = ''] = secrets;
    expect(secretsIn(Buffer.from(`{"to":"${first}@private.example"}`))).toEqual([first]);
    const told = [...places].flatMap(([place, bytes]) =>
      secretsIn(Buffer.concat([Buffer.from(place), bytes])).map((text) => `${text}: ${place}`),
    );
    expect(told).toEqual([]);
    const checksums = checksumsOfBlobs();
    expect(checksums.length).toBeGreaterThan(5); // recipients, messages, outcomes, an export
    expect(checksums.flatMap((checksum) => holders(places, checksum))).toEqual([]);
    const { rows } = await world.database.query<{ text: string }>(
      'select row_to_json(m)::text as text from email_messages m',
    );
    expect(rows.length).toBeGreaterThan(5_000);
    expect(secretsIn(Buffer.from(rows.map(({ text }) => text).join('\n')))).toEqual([]);
  });

  it('are told to whoever has the keys: results and progress of clients are plain', async () => {
    const to = address('told');
    const job = await world.client.task('email.send').call(message('told', { to }));
    expect(await job.result(inMs)).toMatchObject({ status: 'sent', recipient: to });
    expect(await job.status()).toMatchObject({ result: { recipient: to } });
    const stranger = await connectPerennial({ address: world.stack.addresses.temporal });
    await expect(stranger.tasks.get(job.id).result(inMs)).rejects.toMatchObject({ type: 'SealedValueUnreadable' });
    await expect(stranger.email.sendPasswordReset(to, 'token')).rejects.toMatchObject({ type: 'SealKeyMissing' });
    await stranger.close();
  });

  it('need the file of the keys, which nobody else may read', () => {
    expect(statSync(path.join(stateDir(), 'seal.keys')).mode & 0o777).toBe(0o600);
  });
});
