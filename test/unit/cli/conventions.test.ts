import { Command, type Option } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { candidates } from '../../../cli/completion/candidates.ts';
import * as domains from '../../../cli/domains.ts';
import type { CliDomain } from '../../../cli/domain.ts';
import type { AllServices } from '../../../cli/program.ts';
import type { CliContext } from '../../../cli/terminal/context.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { testCli } from '../../support/fakes/cli.ts';

const context = {} as CliContext<AllServices>; // no command is run

function tree(): Command {
  const program = new Command('perennial');
  for (const { addCommands } of Object.values<CliDomain<AllServices>>(domains))
    addCommands(program, context, () => Promise.resolve());
  return program;
}

interface Named {
  readonly name: string;
  readonly command: Command;
}

function leavesOf(command: Command, path = ''): readonly Named[] {
  const name = `${path} ${command.name()}`.trim();
  if (command.commands.length === 0) return [{ name, command }];
  return command.commands.flatMap((below) => leavesOf(below, name));
}

const leaves = leavesOf(tree());
const optionOf = (command: Command, long: string): Option | undefined =>
  command.options.find((option) => option.long === long);

describe('options mean the same on every command', () => {
  it('looks at all commands', () => {
    expect(leaves.length).toBeGreaterThan(50);
  });

  it.each(['--wait', '--follow', '--reason', '--json', '--output', '--file'])('%s', (long) => {
    const having = leaves.flatMap(({ name, command }) => {
      const option = optionOf(command, long);
      return option === undefined || name.endsWith(' conformance') ? [] : [option];
    });
    expect(having.length).toBeGreaterThan(1);
    const meanings = having.map(({ flags, description }) => `${flags}: ${description.replace(' as well', '')}`);
    expect(new Set(meanings.map((text) => text.replace('write it to', 'write to'))).size).toBe(1);
  });

  it.each(leaves.filter(({ name }) => / (list|names|next|missed|approvals|rows|search)$/.test(name)))(
    '$name prints table, json and jsonl',
    ({ command }) => {
      expect(optionOf(command, '--output')?.argChoices).toEqual(['table', 'json', 'jsonl']);
      expect(optionOf(command, '--output')?.short).toBe('-o');
      expect(optionOf(command, '--json')).toBeDefined();
    },
  );

  it('what can be paused can be resumed, and no other word is used for it', () => {
    const names = leaves.map(({ name }) => name);
    const paused = names.filter((name) => name.endsWith(' pause'));
    expect(paused).toEqual([
      'perennial dlq redrives pause',
      'perennial pause',
      'perennial queues pause',
      'perennial schedules pause',
    ]);
    for (const name of paused) expect(names).toContain(name.replace(/pause$/, 'resume'));
    expect(names.filter((name) => /unpause|continue|unfreeze/.test(name))).toEqual([]);
  });

  it('-o means the same on every command', () => {
    for (const { command } of leaves)
      for (const { short, long } of command.options) if (short === '-o') expect(long).toBe('--output');
  });
});

const two = [
  { task_id: 'a', task_name: 'samples.add', tenant: null, state: 'SUCCESS', started_at: '2026-01-01T00:00:00.000Z' },
  { task_id: 'b', task_name: 'samples.add', tenant: null, state: 'FAILURE', started_at: '2026-01-01T00:00:00.000Z' },
] as const;

function cliWithTasks(terminal = false): ReturnType<typeof testCli> {
  const cli = testCli(terminal);
  cli.client.tasks.list = () => Promise.resolve(two);
  return cli;
}

describe('forms of output', () => {
  test.each([[['-o', 'json']], [['--output=json']], [['--json']]])('%j prints one document', async (args) => {
    expect(JSON.parse((await cliWithTasks().run('tasks', 'list', ...args)).stdout)).toEqual(two);
  });

  test('-o jsonl prints a row on each line', async () => {
    const { stdout } = await cliWithTasks().run('tasks', 'list', '-o', 'jsonl');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(two);
  });

  test('another form is a wrong command line', async () => {
    const { code, stderr } = await cliWithTasks().run('tasks', 'list', '-o', 'yaml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('table, json, jsonl') as string]);
  });
});

describe('problems as JSON', () => {
  test('a failure has type, title, detail and the remedy', async () => {
    const cli = testCli();
    cli.client.tasks.call = () => Promise.reject(new PerennialError('UnknownTask', 'task: expected a name'));
    const { code, stdout, stderr } = await cli.run('tasks', 'call', 'x', '--json');
    expect([code, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toMatchObject({
      type: 'urn:perennial:failure:UnknownTask',
      detail: 'task: expected a name',
      failure: { type: 'UnknownTask', class: 'permanent' },
    });
  });

  test.each([
    [['tasks', 'call', 'x', '--input', '{', '--json'], { field: '--input' }],
    [['tasks', 'list', '--json', '--limit', 'many'], { field: '--limit <n>', expected: 'a number', got: "'many'" }],
    [['tasks', 'list', '--colour', '-o', 'json'], { field: '--colour', got: '--colour' }],
    [['tasks', 'call', '-o', 'jsonl'], { field: 'task', expected: 'an argument', got: 'nothing' }],
  ])('%j names field, expected and got', async (args, fault) => {
    const { code, stdout, stderr } = await testCli().run(...args);
    expect([code, stdout]).toEqual([2, '']);
    const { title, errors } = JSON.parse(stderr) as { title: string; errors: unknown[] };
    expect(title).toBe('The command line is wrong.');
    expect(errors).toEqual([expect.objectContaining(fault) as unknown]);
  });

  test('a start that a queue refuses for now may be repeated', async () => {
    const cli = testCli();
    cli.client.tasks.call = () => Promise.reject(new PerennialError('QueueDraining', 'queue: draining'));
    expect((await cli.run('tasks', 'call', 'x')).code).toBe(69);
  });
});

describe('colours', () => {
  const ESCAPE = '\u001b[1m';
  test.each([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', async (_what, terminal, env, wanted) => {
    const cli = cliWithTasks(terminal);
    cli.env = env;
    expect((await cli.run('tasks', 'list')).stdout.includes(ESCAPE)).toBe(wanted);
    expect((await cli.run('tasks', 'list', '--json')).stdout).not.toContain('\u001b');
  });
});

describe('candidates of a completion', () => {
  const names = { task: ['samples.add', 'samples.echo'], queue: ['email'], schedule: ['nightly'] };
  const wordsOf = async (...words: string[]): Promise<string[]> =>
    (await candidates(tree(), words, (kind) => Promise.resolve(names[kind]))).map(({ word }) => word);

  test.each([
    [['sched'], ['schedules']],
    [['queues', 'p'], ['pause']],
    [['queues', 'pause', ''], ['email']],
    [['tasks', 'call', 'samples.e'], ['samples.echo']],
    [['tasks', 'list', '--task', 'samples.a'], ['samples.add']],
    [['tasks', 'list', '--task=samples.a'], ['--task=samples.add']],
    [
      ['tasks', 'list', '-o', 'js'],
      ['json', 'jsonl'],
    ],
    [['tasks', 'list', '--ten'], ['--tenant']],
    [['tasks', 'call', '--key', 'tasks', 'samples.e'], ['samples.echo']],
    [['schedules', 'pause', ''], ['nightly']],
    [['schedules', 'add', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['compl'], ['completion']],
    [['canvas', 'run', ''], []],
  ])('%j', async (words, expected) => {
    expect(await wordsOf(...words)).toEqual(expected);
  });
});
