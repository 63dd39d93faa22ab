import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../contracts/values/exit-codes.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { definition, view } from '../../support/fakes/schedules.ts';

function cliWithNightly() {
  const cli = testCli();
  cli.client.schedules.views.set('nightly', view());
  return cli;
}

describe('BEAT-22 perennial schedules', () => {
  it.each([
    ['--cron', '0 8 * * *', { cron: '0 8 * * *' }],
    ['--crontab', '{"hour": 8, "minute": 0}', { crontab: { hour: 8, minute: 0 } }],
    ['--every', '300', { every: { seconds: 300 } }],
    ['--solar', 'sunrise,40.7128,-74.0060', { solar: { event: 'sunrise', latitude: 40.7128, longitude: -74.006 } }],
  ])('add %s %s', async (option, value, timing) => {
    const cli = testCli();
    const { code, stdout } = await cli.run(
      ...[
        'schedules',
        'add',
        'mine',
        option,
        value,
        '--task',
        'housekeeping.cleanupTempFiles',
        '--input',
        '{"dryRun":true}',
      ],
      ...['--zone', 'Europe/Berlin', '--overlap', 'buffer-one', '--catchup', '60', '--jitter', '0', '--purpose', 'x'],
    );
    expect([code, stdout]).toEqual([exitCodes.ok, 'Added schedule mine\n']);
    expect(cli.client.asked[0]).toEqual([
      'add',
      {
        id: 'mine',
        timing,
        target: { task: 'housekeeping.cleanupTempFiles', input: { dryRun: true } },
        timeZone: 'Europe/Berlin',
        purpose: 'x',
        policy: { overlap: 'buffer-one', catchupMs: 60_000, jitterMs: 0 },
      },
    ]);
  });

  it.each([
    [['add', 'x', '--task', 't'], 'expected one of --cron, --crontab, --every, --solar and --at'],
    [['add', 'x', '--cron', '* * * * *'], 'expected --task, --workflow or --canvas'],
    [['add', 'x', '--cron', '* * * * *', '--every', '5', '--task', 't'], 'expected only one of --cron'],
    [
      ['add', 'x', '--every', '5', '--task', 't', '--workflow', 'w'],
      'expected only one of --task, --workflow and --canvas',
    ],
    [['add', 'x', '--every', '5', '--task', 't', '--input', '{'], '--input: expected JSON, got text that is not: '],
    [
      ['add', 'x', '--every', '5', '--workflow', 'w', '--args', '{}'],
      '--args: expected a JSON array, got an empty object',
    ],
    [
      ['add', 'x', '--every', '5', '--task', 't', '--kwargs', '[]'],
      '--kwargs: expected a JSON object, got an array of 0',
    ],
    [['add', 'x', '--every', '5', '--workflow', 'w', '--queue', 'q'], '--queue: expected --task beside it'],
    [['add', 'x', '--every', '5', '--canvas', '@nothing.json'], '--canvas: expected a file that can be read'],
    [['update', 'x', '--kwargs', '{}'], '--kwargs: expected --task or --canvas beside it'],
    [['add', 'x', '--every', '5', '--task', 't', '--priority', '11'], 'expected a whole number from 1 to 10'],
    [['add', 'x', '--at', '2030-01-01', '--every', '5', '--task', 't'], 'expected only one of --cron'],
    [['add', 'x', '--solar', 'sunrise', '--task', 't'], '--solar: expected event,latitude,longitude'],
    [['add', 'x', '--every', 'often', '--task', 't'], 'expected a whole number from 1'],
    [['pause', 'x'], '--reason'],
    [['backfill', 'x', '--from', '2026-01-01T00:00:00Z'], '--to'],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stderr } = await testCli().run('schedules', ...args);
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toContain(message);
  });

  it('add --paused creates a schedule that waits until it is resumed', async () => {
    const cli = testCli();
    await cli.run('schedules', 'add', 'mine', '--every', '5', '--task', 't', '--paused');
    expect(cli.client.asked[0]).toEqual([
      'add',
      { id: 'mine', timing: { every: { seconds: 5 } }, target: { task: 't', input: {} }, paused: true },
    ]);
  });

  it("add takes Celery's arguments, options of the call, a start, an end and once", async () => {
    const cli = testCli();
    const range = ['--start', '2030-01-01', '--end', '2031-01-01', '--one-off', '--once-a-day'];
    const call = ['--queue', 'documents.critical', '--priority', '9', '--expires', '60'];
    const args = ['--args', '[1]', '--kwargs', '{"b":2}', '--options', '{"tenant":"acme"}'];
    const name = 'Täglicher Bericht / Nord';
    await cli.run('schedules', 'add', name, '--cron', '0 8 * * *', '--task', 'samples.add', ...range, ...call, ...args);
    expect(cli.client.asked[0]).toEqual([
      'add',
      {
        id: name,
        timing: { cron: '0 8 * * *' },
        start: '2030-01-01',
        end: '2031-01-01',
        oneOff: true,
        onceADay: true,
        target: {
          task: 'samples.add',
          args: [1],
          kwargs: { b: 2 },
          options: { tenant: 'acme', queue: 'documents.critical', priority: 9, expires: 60 },
        },
      },
    ]);
  });

  it('add takes a canvas, also from a file, and a single time', async () => {
    const canvas = { task: 'samples.add', args: [1, 2] };
    const folder = await mkdtemp(path.join(tmpdir(), 'schedules-cli-'));
    const file = path.join(folder, 'canvas.json');
    await writeFile(file, JSON.stringify(canvas));
    for (const given of [JSON.stringify(canvas), `@${file}`]) {
      const cli = testCli();
      const more = ['--options', '{"priority":3}', '--kwargs', '{}'];
      await cli.run('schedules', 'add', 'mine', '--at', '2030-01-01T08:00Z', '--canvas', given, ...more);
      expect(cli.client.asked[0]).toEqual([
        'add',
        {
          id: 'mine',
          timing: { at: '2030-01-01T08:00Z' },
          target: { canvas, options: { priority: 3 }, kwargs: {} },
        },
      ]);
    }
    await rm(folder, { recursive: true });
  });

  it('update takes a start or an end away', async () => {
    const cli = cliWithNightly();
    await cli.run('schedules', 'update', 'nightly', '--no-end', '--start', '2030-01-01', '--no-one-off');
    expect(cli.client.asked[0]).toEqual(['update', 'nightly', { start: '2030-01-01', end: null, oneOff: false }]);
  });

  it('show says why starts were left out, and that a paused schedule makes none', async () => {
    const cli = testCli();
    const counts = { started: 3, missedCatchup: 1, skippedOverlap: 2, droppedFromBuffer: 0, waiting: 0 };
    cli.client.schedules.views.set('busy', view({ id: 'busy', counts, paused: true }));
    const shown = (await cli.run('schedules', 'show', 'busy')).stdout;
    expect(shown).toMatch(/started +3 times\n.*missed +1: the server was away.*\n.*skipped +2: the run before was/);
    expect(shown).toMatch(/next +none while it is paused; else 2026-01-02T02:00/);
    expect(shown).not.toMatch(/dropped|waiting/);
  });

  it('list and show tell a finished schedule, and what it calls', async () => {
    const cli = testCli();
    const target = { task: 'samples.add', input: { a: 1, b: 2 }, options: { priority: 9 } };
    const once = { ...definition(), oneOff: true, end: '2031-01-01', target };
    cli.client.schedules.views.set('once', view({ id: 'once', definition: once, remaining: 0, next: [] }));
    expect((await cli.run('schedules', 'list')).stdout).toMatch(/once .* never +finished/);
    const shown = (await cli.run('schedules', 'show', 'once')).stdout;
    for (const text of ['finished', 'at the first due time', '2031-01-01', '{"priority":9}'])
      expect(shown).toContain(text);
    const canvas = { canvas: { task: 'samples.add' }, tenant: 'acme' };
    cli.client.schedules.views.set('canvas', view({ definition: { ...definition(), target: canvas } }));
    const ofCanvas = (await cli.run('schedules', 'show', 'canvas')).stdout;
    for (const text of ['canvas {"task":"samples.add"}', '{"tenant":"acme"}']) expect(ofCanvas).toContain(text);
  });

  it('next honours once a day, a start and an end', async () => {
    const berlin = ['--cron', '30 2 * * *', '--zone', 'Europe/Berlin', '--after', '2027-03-27T12:00:00Z'];
    const once = await testCli().run('schedules', 'next', ...berlin, '--once-a-day', '--end', '2027-03-28T12:00:00Z');
    expect(once.stdout).toContain('2027-03-28T03:00:00+02:00');
    expect(once.stdout).not.toContain('2027-03-29');
    const server = await testCli().run('schedules', 'next', ...berlin, '--count', '1');
    expect(server.stdout).toContain('no run: the clock jumps over this time');
  });

  it('update, remove, pause, resume and trigger', async () => {
    const cli = cliWithNightly();
    await cli.run('schedules', 'update', 'nightly', '--cron', '0 3 * * *', '--catchup', '90');
    await cli.run('schedules', 'pause', 'nightly', '--reason', 'moving house');
    await cli.run('schedules', 'resume', 'nightly', '--reason', 'done');
    await cli.run('schedules', 'trigger', 'nightly');
    expect((await cli.run('schedules', 'remove', 'nightly')).stdout).toBe('Removed schedule nightly\n');
    expect(cli.client.asked.filter(([what]) => what !== 'close')).toEqual([
      ['update', 'nightly', { timing: { cron: '0 3 * * *' }, policy: { catchupMs: 90_000 } }],
      ['pause', 'nightly', 'moving house'],
      ['unpause', 'nightly', 'done'],
      ['trigger', 'nightly'],
      ['remove', 'nightly'],
    ]);
    const lost = await cli.run('schedules', 'remove', 'nothing');
    expect([lost.code, lost.stderr]).toEqual([
      exitCodes.failed,
      "perennial: No schedule with the id 'nothing' is known.\n",
    ]);
  });

  it('backfill lists the times, and a dry run says so', async () => {
    const cli = cliWithNightly();
    const range = ['--from', '2026-01-01T02:00:00.000Z', '--to', '2026-01-02T00:00:00Z'];
    const dry = await cli.run('schedules', 'backfill', 'nightly', ...range, '--dry-run');
    expect(dry).toMatchObject({ stdout: '2026-01-01T02:00:00.000Z\n', stderr: '1 would be started\n' });
    const real = await cli.run('schedules', 'backfill', 'nightly', ...range, '--overlap', 'allow-all', '--json');
    expect(JSON.parse(real.stdout)).toEqual({ dryRun: false, times: ['2026-01-01T02:00:00.000Z'] });
    expect(cli.client.asked.find(([what, , options]) => what === 'backfill' && options !== undefined)).toBeDefined();
  });

  it('list and show say what a person wants to know', async () => {
    const cli = cliWithNightly();
    cli.client.schedules.views.set('other', view({ id: 'other', origin: 'foreign', definition: null, next: [] }));
    cli.client.schedules.views.set('resting', view({ id: 'resting', paused: true, note: 'until Friday' }));
    const { stdout } = await cli.run('schedules', 'list');
    expect(stdout).toMatch(/nightly +dynamic +0 2 \* \* \* +UTC +2026-01-02T02:00:00.000Z +active/);
    expect(stdout).toMatch(/other +foreign +never +active/);
    expect(stdout).toMatch(/resting .* paused: until Friday/);
    const shown = (await cli.run('schedules', 'show', 'nightly')).stdout;
    for (const text of ['documents.extractInvoice', 'skip: Nobody asked for two runs', 'catch-up', '10 min'])
      expect(shown).toContain(text);
    expect(shown).not.toMatch(/missed|skipped|dropped|waiting|[a-z][A-Z]\w* +\d/);
    expect(JSON.parse((await cli.run('schedules', 'show', 'nightly', '--json')).stdout)).toEqual(view());
  });

  it('next shows times in a zone, of a schedule and of a timing', async () => {
    const cli = cliWithNightly();
    const own = await cli.run('schedules', 'next', 'nightly', '--count', '2', '--show-in', 'Asia/Tokyo');
    expect(own.stdout).toContain('2026-01-01T11:00:00+09:00');
    const args = [
      '--cron',
      '30 2 * * *',
      '--zone',
      'America/New_York',
      '--count',
      '2',
      '--after',
      '2027-03-13T12:00:00Z',
    ];
    const { stdout } = await cli.run('schedules', 'next', ...args);
    expect(stdout).toContain('no run: the clock jumps over this time');
    expect(stdout).toContain('first run after a change of clocks');
  });

  it('missed shows the ledger: what did not run, or all', async () => {
    const cli = testCli();
    const row = { scheduleId: 'nightly', dueAt: '2026-01-01T02:00:00.000Z', workflowId: null, startedAt: null };
    cli.scheduleLedger.rows.push(
      { ...row, state: 'missed', reason: 'catch-up', detail: 'away' },
      { ...row, scheduleId: 'fine', state: 'ran', reason: null, detail: null, workflowId: 'w-1' },
    );
    const missed = (await cli.run('schedules', 'missed')).stdout;
    expect(missed).toMatch(/2026-01-01T02:00:00.000Z +nightly +missed +catch-up +away/);
    expect(missed).not.toContain('fine');
    expect((await cli.run('schedules', 'missed', 'fine', '--all', '--limit', '7')).stdout).toContain('w-1');
    expect(cli.scheduleLedger.asked[1]).toEqual({ limit: 7, scheduleId: 'fine' });
  });

  it('sync shows the difference, and fails where a name is taken', async () => {
    const cli = testCli();
    cli.client.schedules.report = {
      dryRun: true,
      unchanged: 3,
      others: 1,
      changes: [
        { id: 'new', action: 'create', differences: [] },
        { id: 'old', action: 'update', differences: [{ field: 'timeZone', from: 'UTC', to: 'Asia/Tokyo' }] },
      ],
    };
    const dry = await cli.run('schedules', 'sync', '--dry-run');
    expect(dry.code).toBe(exitCodes.ok);
    expect(dry.stdout).toMatch(/update +old +timeZone +UTC +Asia\/Tokyo/);
    expect(dry.stdout).toContain('2 would change, 3 as they were, 1 of others left alone');
    cli.client.schedules.report = {
      ...cli.client.schedules.report,
      changes: [
        { id: 'taken', action: 'conflict', differences: [], reason: 'a schedule of this name was added at run time' },
      ],
    };
    const taken = await cli.run('schedules', 'sync', '--json');
    expect(taken.code).toBe(exitCodes.failed);
    expect(JSON.parse(taken.stdout)).toEqual(cli.client.schedules.report);
  });

  it('BEAT-23 user-report', async () => {
    const { stdout } = await testCli().run('schedules', 'user-report', 'u1', '--json');
    expect(JSON.parse(stdout)).toEqual({ status: 'created', task_name: 'user_daily_report_u1' });
  });
});
