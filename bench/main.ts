/**
 * Measures the product against its peers and writes `docs/performance.md`:
 * `npm run bench [-- NAME… --quick --rounds N --truth FOLDER]`. The exit code is 0 unless a target is missed or a
 * section fails; a peer that is not installed is reported and is no failure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { forceUtc } from '../config/process.ts';
import { projectDir } from '../config/project.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { terminalReporter } from '../stack/reporter.ts';
import { accuracy } from './documents/accuracy.ts';
import { canvasKill } from './canvas/kill.ts';
import { canvasLarge } from './canvas/large.ts';
import { canvas } from './canvas/canvas.ts';
import { images } from './documents/images.ts';
import { imports } from './imports.ts';
import { describeMachine, load } from './machine.ts';
import { email } from './email/email.ts';
import { overhead } from './documents/overhead.ts';
import type { BenchContext, Section } from './section.ts';
import { type SectionResult, reached, sectionOf, writePage } from './report.ts';
import { redrive } from './failures/redrive.ts';
import { retries } from './failures/retries.ts';
import { reports } from './reports/reports.ts';
import { scannedPdf } from './documents/scanned-pdf.ts';
import { starting } from './starting.ts';

const PARTS: readonly Section[] = [
  images,
  scannedPdf,
  accuracy,
  overhead,
  imports,
  email,
  reports,
  canvas,
  canvasLarge,
  canvasKill,
  redrive,
  retries,
  starting,
];
const DEFAULT_ROUNDS = 2;
/** The parsed arguments of the command. */
interface Invocation {
  readonly sections: readonly Section[];
  readonly quick: boolean;
  readonly rounds: number;
  readonly truth: string | undefined;
}

/** Parses the arguments. @throws Error that names the expected arguments */
function invocationOf(args: readonly string[]): Invocation {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, truth: { type: 'string' } },
  });
  const names = PARTS.map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`expected ${names.join(', ')}, got ${unknown.join(', ')}`);
  const quick = values.quick ?? false;
  const rounds = Number(values.rounds ?? (quick ? 1 : DEFAULT_ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: expected a whole number from 1, got ${values.rounds ?? ''}`);
  const sections = positionals.length === 0 ? PARTS : PARTS.filter(({ name }) => positionals.includes(name));
  return { sections, quick, rounds, truth: values.truth };
}

async function main(): Promise<number> {
  forceUtc();
  let invocation: Invocation;
  try {
    invocation = invocationOf(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  const told = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => {
      told.abort(new Error(`interrupted by ${name}`));
    });
  const { results, failed } = await runParts(invocation, told.signal);
  if (!invocation.quick && results.length > 0)
    writePage(path.join(projectDir, 'docs', 'performance.md'), PARTS, results);
  if (failed) return 1;
  return invocation.quick || results.every(reached) ? 0 : 1;
}

async function runParts(
  { sections, ...invocation }: Invocation,
  signal: AbortSignal,
): Promise<{ readonly results: readonly SectionResult[]; readonly failed: boolean }> {
  const log = await terminalReporter();
  const machine = await describeMachine(projectDir);
  const results: SectionResult[] = [];
  let failed = false;
  for (const section of sections) {
    if (signal.aborted) return { results, failed: true };
    const { value, busy } = load();
    if (busy && !invocation.quick)
      log.note(`The machine is busy (load ${value.toFixed(1)}): the figures will not be worth much`);
    const folder = await mkdtemp(path.join(tmpdir(), 'perennial-bench-'));
    const context: BenchContext = { ...invocation, cores: availableParallelism(), folder, log, signal };
    try {
      const result: SectionResult = {
        section,
        result: await section.run(context),
        machine,
        load: value.toFixed(1),
        date: new Date().toISOString().slice(0, 10),
      };
      results.push(result);
      process.stdout.write(`\n${sectionOf(result, !invocation.quick)}\n\n`);
    } catch (error) {
      failed = true;
      log.failed(`${section.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { results, failed };
}

process.exit(await main());
