/** Says what a redrive of many letters would do. */
import { z } from 'zod';
import type { DeadLetterFilter } from '../../contracts/dlq/schema.ts';
import { validate } from '../connection/validate.ts';
import type { ClientContext } from '../domain.ts';
import { stepsOf } from './restart.ts';
import type { DeadLetter, DeadLetterPage, DeadLetterRecords, DryRunOptions, RedrivePlan } from './types.ts';

const optionsSchema = z.strictObject({
  quarantined: z.boolean().default(false),
  whole: z.boolean().default(false),
  limit: z.int().min(1).max(1_000_000).default(10_000),
  signal: z.instanceof(AbortSignal).optional(),
});

/** Letters that are read at once. */
const PAGE = 500;

/** Counts what the redrive of a filter would start, as it is now. @throws InvalidInput */
export async function dryRun(
  { rpc }: Pick<ClientContext, 'rpc'>,
  records: DeadLetterRecords,
  filter: DeadLetterFilter,
  given: DryRunOptions,
): Promise<RedrivePlan> {
  const { quarantined, whole, limit, signal } = validate(optionsSchema, given, 'options');
  const { runs, letters, left, causes } = await runsOf(records, filter, { quarantined, limit });
  const steps = { kept: 0, again: 0 };
  for (const letter of runs) {
    signal?.throwIfAborted();
    const { kept, again } = await stepsOf(rpc, records, letter, { whole });
    steps.kept += kept;
    steps.again += again;
  }
  return {
    ...{ letters, runs: runs.length, causes: causes.size, quarantined: left },
    ...{ stepsKept: steps.kept, stepsAgain: steps.again },
  };
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
