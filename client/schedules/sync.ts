/** Makes the server's schedules match the folder `schedules/`. */
import { ScheduleAlreadyRunning } from '@temporalio/client';
import type { ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';
import { hashDefinition } from '../../schedules/definition.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { type Behaviour, definitionOf, foundBehaviour, originOf, toOptions, wantedBehaviour } from './options.ts';
import { setClock } from './once-a-day.ts';
import type { ScheduleChange, ScheduleDifference, SyncReport } from './types.ts';

/**
 * Compares, and unless it is a dry run also creates, updates and deletes. Schedules of another origin are not touched, and a
 * name that one of them has is reported as a conflict. Pauses and notes are kept. Two syncs may run at once, because each
 * step tolerates that the other was faster.
 */
export async function syncSchedules(
  rpc: Rpc,
  entries: readonly ScheduleDefinition[],
  { dryRun = false }: { dryRun?: boolean | undefined } = {},
): Promise<SyncReport> {
  const existing = await listOrigins(rpc);
  const wanted = new Set(entries.map(({ id }) => id));
  const changes: ScheduleChange[] = [];
  for (const entry of entries) changes.push(...(await settle(rpc, entry, { known: existing.has(entry.id), dryRun })));
  for (const [id, origin] of existing) {
    if (origin === 'code' && !wanted.has(id)) changes.push(...(await withdraw(rpc, id, dryRun)));
  }
  const touched = new Set(changes.map(({ id }) => id));
  return {
    dryRun,
    changes,
    unchanged: entries.filter(({ id }) => !touched.has(id)).length,
    others: [...existing].filter(([id, origin]) => origin !== 'code' && !wanted.has(id)).length,
  };
}

async function listOrigins(rpc: Rpc): Promise<Map<string, ReturnType<typeof originOf>>> {
  return rpc.call('schedules', async (client) => {
    const found = new Map<string, ReturnType<typeof originOf>>();
    for await (const { scheduleId, memo } of client.schedule.list()) found.set(scheduleId, originOf(memo));
    return found;
  });
}

interface Step {
  /** Whether the listing contained it; listings lag behind, so this is only a hint. */
  readonly known: boolean;
  readonly dryRun: boolean;
}

async function settle(rpc: Rpc, entry: ScheduleDefinition, step: Step): Promise<readonly ScheduleChange[]> {
  if (!step.known) {
    if (step.dryRun) return [{ id: entry.id, action: 'create', differences: [] }];
    if (await create(rpc, entry)) return [{ id: entry.id, action: 'create', differences: [] }];
  }
  try {
    return await adjust(rpc, entry, step.dryRun);
  } catch (error) {
    // The schedule was deleted after the listing.
    if (error instanceof NotFound && step.known) return settle(rpc, entry, { ...step, known: false });
    throw error;
  }
}

/** Creates the schedule unless it exists already. */
async function create(rpc: Rpc, entry: ScheduleDefinition): Promise<boolean> {
  try {
    await rpc.call(entry.id, (client) => client.schedule.create(toOptions(entry, 'code')));
    await setClock(rpc, entry);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

async function adjust(rpc: Rpc, entry: ScheduleDefinition, dryRun: boolean): Promise<readonly ScheduleChange[]> {
  const { id } = entry;
  const described = await rpc.call(id, (client) => client.schedule.getHandle(id).describe());
  const origin = originOf(described.memo);
  if (origin !== 'code') {
    const whose = origin === 'dynamic' ? 'was added at run time' : 'was not made by Perennial';
    return [{ id, action: 'conflict', differences: [], reason: `a schedule of this name ${whose}` }];
  }
  const differences = differencesBetween(definitionOf(described), foundBehaviour(described), entry);
  if (differences.length === 0) return [];
  if (!dryRun) await rewrite(rpc, entry);
  return [{ id, action: 'update', differences }];
}

/** Replaces the definition on the server; pauses, notes and memo are kept. */
export async function rewrite(rpc: Rpc, definition: ScheduleDefinition): Promise<void> {
  const { spec, action, policies } = toOptions(definition, 'code');
  await rpc.call(definition.id, (client) =>
    client.schedule.getHandle(definition.id).update(({ state }) => ({
      spec,
      action,
      ...(policies === undefined ? {} : { policies }),
      state,
    })),
  );
  await setClock(rpc, definition);
}

async function withdraw(rpc: Rpc, id: string, dryRun: boolean): Promise<readonly ScheduleChange[]> {
  try {
    if (!dryRun) await rpc.call(id, (client) => client.schedule.getHandle(id).delete());
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  return [{ id, action: 'delete', differences: [] }];
}

/** Lists the fields in which two definitions differ, or for equal definitions the fields that were edited with other tools. */
export function differencesBetween(
  from: ScheduleDefinition | undefined,
  found: Behaviour,
  to: ScheduleDefinition,
): readonly ScheduleDifference[] {
  if (from === undefined) return [{ field: 'definition', from: 'unreadable', to: hashDefinition(to) }];
  const fields = hashDefinition(from) === hashDefinition(to) ? [] : fieldDifferences(from, to);
  if (fields.length > 0) return fields;
  const wanted = wantedBehaviour(to);
  const aspects = ['times', 'policies', 'action'] as const;
  return aspects
    .filter((aspect) => wanted[aspect] !== found[aspect])
    .map((aspect) => ({ field: aspect, from: found[aspect], to: wanted[aspect] }));
}

function fieldDifferences(from: ScheduleDefinition, to: ScheduleDefinition): readonly ScheduleDifference[] {
  const before = flat(from);
  const after = flat(to);
  return Object.keys({ ...before, ...after })
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, from: before[field] ?? 'nothing', to: after[field] ?? 'nothing' }));
}

function flat({ policy, ...rest }: ScheduleDefinition): Readonly<Record<string, string>> {
  const named = {
    ...rest,
    ...Object.fromEntries(Object.entries(policy).map(([key, value]) => [`policy.${key}`, value])),
  };
  return Object.fromEntries(
    Object.entries(named).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
