/** Compares the start of the packed command with that of Node, and with a script that has Temporal's client alone. */
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectDir } from '../config/project.ts';
import { buildPackage } from '../scripts/package/build.ts';
import { type Command, runCommand } from './commands.ts';
import { atMost, type BenchContext, type Measured, type Row, type Section, type Target } from './section.ts';
import { withStack } from './stack.ts';
import { alternate, type Laps, median, timed } from './timing.ts';

/** The section on how long a command takes to start. */
export const starting: Section = { name: 'starting', title: 'Start of a command', run: measure };

/** Starts in each round; a single one ends too soon for a stable figure. */
const STARTS = 5;

/** What anybody needs for the same call without Perennial. */
const PEER = `
import { Client, Connection } from '@temporalio/client';
const connection = await Connection.connect({ address: process.argv[2] });
const client = new Client({ connection });
const input = [{ a: 1, b: 2 }];
const run = await client.workflow.start('unknown', { workflowId: 'peer-' + process.pid, taskQueue: 'nobody', args: input });
console.log(run.workflowId);
await run.terminate();
await connection.close();
`;

async function measure(context: BenchContext): Promise<Measured> {
  const { folder } = context;
  context.log.step('Building the package');
  await buildPackage(path.join(folder, 'package'));
  await symlink(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'bare.mjs'), '');
  await writeFile(path.join(folder, 'peer.mjs'), PEER);
  return withStack(context, { roots: [folder] }, async ({ temporal, stateDir }) => {
    const env = { STATE_DIR: stateDir };
    const node = (...args: string[]): Promise<number> => startsOf({ file: process.execPath, args, env }, context);
    const perennial = (...args: string[]): Promise<number> => node('package/bin/perennial.mjs', ...args);
    const bare = (): Promise<number> => node('bare.mjs');
    const call = (): Promise<number> => perennial('tasks', 'call', 'samples.add', '--input', '{"a":1,"b":2}');
    const help = await alternate(context.rounds, bare, () => perennial('--help'));
    const calls = await alternate(context.rounds, bare, call);
    const clients = await alternate(context.rounds, () => node('peer.mjs', temporal), call);
    return {
      rows: [
        rowOf('`perennial --help`, against `node` with an empty file', help, atMost(3)),
        rowOf('`perennial tasks call`, against a script that calls with the client of Temporal', clients, atMost(1.5)),
        rowOf('`perennial tasks call`, against `node` with an empty file', calls),
      ],
      how: HOW,
      details: [],
    };
  });
}

const HOW =
  'The packed files are run, each side in turns, from the start of a process to its end. The last row has no target: ' +
  'the client of Temporal alone, which compiles the messages of the server at each start, takes several times what an ' +
  'empty file takes.';

/** Seconds of one start, the mean of several. */
async function startsOf(command: Omit<Command, 'signal'>, { folder, signal }: BenchContext): Promise<number> {
  const seconds = await timed(async () => {
    for (let start = 0; start < STARTS; start += 1) await runCommand({ ...command, cwd: folder, signal });
  });
  return seconds / STARTS;
}

function rowOf(what: string, { peer, ours }: Laps, target?: Target): Row {
  const [theirs, own] = [median(peer), median(ours)];
  const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;
  return {
    what,
    ours: milliseconds(own),
    peer: milliseconds(theirs),
    ratio: own / theirs,
    ...(target === undefined ? {} : { target }),
  };
}
