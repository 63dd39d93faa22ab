/** Redrives all failed runs whose letters a filter lets through. */
import { z } from 'zod';
import type { DeadLetterFilter } from '../../contracts/dlq/schema.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { Resolving } from '../../services/dlq/port.ts';
import { pauseFor } from '../connection/rpc.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import type { ClientContext } from '../domain.ts';
import { redriveRun, reasonOf } from './redrive.ts';
import { stepsOf } from './restart.ts';
import type {
  DeadLetter,
  DeadLetterPage,
  DeadLetterRecords,
  Redriven,
  RedriveAllOptions,
  RedriveReport,
} from './types.ts';

const optionsSchema = z.strictObject({
  all: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  quarantined: z.boolean().default(false),
  whole: z.boolean().default(false),
  perSecond: z.number().positive().max(1_000).default(10),
  limit: z.int().min(1).max(100_000).default(10_000),
  signal: z.instanceof(AbortSignal).optional(),
});

/** Letters that are read at once. */
const PAGE = 500;

/**
 * Redrives run after run. What is open when the redrive ends early, the same call finds again.
 *
 * @throws InvalidInput
 */
export async function redriveAll(
  context: Pick<ClientContext, 'rpc' | 'gate'>,
  records: DeadLetterRecords,
  filter: DeadLetterFilter,
  resolving: Resolving,
  given: Omit<RedriveAllOptions, keyof Resolving>,
): Promise<RedriveReport> {
  const { all, dryRun, quarantined, whole, perSecond, limit, signal } = validate(optionsSchema, given, 'options');
  if (!all && !dryRun && isEmpty(filter)) throw new InvalidInput([EVERYTHING]);
  const found = await runsOf(records, filter, { quarantined, limit });
  const started: Redriven[] = [];
  const notStarted: { workflowId: string; reason: string }[] = [];
  const steps = { kept: 0, again: 0 };
  for (const letter of found.runs) {
    if (signal?.aborted) break;
    const nextAt = Date.now() + SECOND_MS / perSecond;
    try {
      const { kept, again } = await stepsOf(context.rpc, records, letter, { whole });
      steps.kept += kept;
      steps.again += again;
      if (dryRun) continue;
      const redriven = await redriveRun(context, records, letter, resolving, { whole });
      if (redriven !== undefined) started.push(redriven);
    } catch (error) {
      notStarted.push({ workflowId: letter.workflowId, reason: reasonOf(error) });
    }
    await pauseFor(Math.max(0, nextAt - Date.now()), signal);
  }
  const { letters, left, causes } = found;
  return {
    ...{ dryRun, letters, runs: found.runs.length, causes: causes.size },
    ...{ stepsKept: steps.kept, stepsAgain: steps.again, quarantined: left, started, notStarted },
  };
}

/** A filter whose only field was misspelled or left out would start the runs of a whole year. */
const EVERYTHING = {
  field: 'filter',
  expected: 'one field at least, or the option `all` beside it',
  got: 'an empty filter',
};

function isEmpty(filter: DeadLetterFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}

interface FoundRuns {
  /** One letter of each run. */
  readonly runs: readonly DeadLetter[];
  readonly letters: number;
  /** Letters in quarantine, which are left out. */
  readonly left: number;
  readonly causes: ReadonlySet<string>;
}

async function runsOf(
  records: DeadLetterRecords,
  filter: DeadLetterFilter,
  { quarantined, limit }: { readonly quarantined: boolean; readonly limit: number },
): Promise<FoundRuns> {
  const runs = new Map<string, DeadLetter>();
  const causes = new Set<string>();
  let [letters, left] = [0, 0];
  for await (const letter of lettersOf(records, filter)) {
    const isKept = letter.quarantined && !quarantined;
    if (isKept) left += 1;
    if (isKept || (runs.size >= limit && !runs.has(letter.runId))) continue;
    if (!runs.has(letter.runId)) runs.set(letter.runId, letter);
    letters += 1;
    causes.add(letter.fingerprint);
  }
  return { runs: [...runs.values()], letters, left, causes };
}

async function* lettersOf(records: DeadLetterRecords, filter: DeadLetterFilter): AsyncGenerator<DeadLetter> {
  for (let after: string | undefined; ;) {
    const { items, next }: DeadLetterPage = await records.list(filter, { limit: PAGE, after });
    yield* items;
    if (next === null) return;
    after = next;
  }
}
