/** Makes the server's schedules match the folder `schedules/`. */
import { ScheduleAlreadyRunning } from '@temporalio/client';
import type { NewSchedule, ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';
import { hashDefinition } from '../../schedules/definition.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { InvalidInput } from '../connection/validate.ts';
import { checkSchedule, timesOf } from './checks.ts';
import {
  type Behaviour,
  definitionOf,
  foundBehaviour,
  originOf,
  type OwnScheduleOptions,
  toOptions,
  wantedBehaviour,
} from './options.ts';
import { setClock } from './once-a-day.ts';
import type { TargetRules } from './targets.ts';
import type { ScheduleChange, ScheduleDifference, SyncReport } from './types.ts';

/**
 * Compares, and unless it is a dry run also creates, updates and deletes. Schedules of another origin are not touched, and a
 * name that one of them has is reported as a conflict. Pauses and notes are kept. Two syncs may run at once, because each
 * step tolerates that the other was faster.
 *
 * @throws InvalidInput naming the schedule and the field; nothing is changed
 */
export async function syncSchedules(
  rpc: Rpc,
  schedules: readonly NewSchedule[],
  { dryRun = false, ...rules }: TargetRules & { readonly dryRun?: boolean | undefined },
): Promise<SyncReport> {
  const entries = schedules.map((schedule) => checkEntry(schedule, rules));
  const existing = await listOrigins(rpc);
  const wanted = new Set(entries.map(({ id }) => id));
  const changes: ScheduleChange[] = [];
  for (const entry of entries)
    changes.push(...(await settle(rpc, entry, { known: existing.has(entry.id), dryRun, rules })));
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

/** A schedule of code in its complete form, and whether it is created paused. */
type Entry = ScheduleDefinition & { readonly paused?: boolean | undefined };

/** Completes and checks a schedule of code. @throws InvalidInput whose fields begin with the name of the schedule */
function checkEntry(schedule: NewSchedule, rules: TargetRules): Entry {
  try {
    return { ...checkSchedule(schedule, rules), paused: schedule.paused };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.fields.map((fault) => ({ ...fault, field: `${schedule.id}: ${fault.field}` })));
  }
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
  readonly rules: TargetRules;
}

async function settle(rpc: Rpc, entry: Entry, step: Step): Promise<readonly ScheduleChange[]> {
  const { paused, ...definition } = entry;
  if (!step.known) {
    if (step.dryRun) return [{ id: entry.id, action: 'create', differences: [] }];
    const options = toOptions(definition, 'code', { ...step.rules, paused });
    if (await create(rpc, definition, options)) return [{ id: entry.id, action: 'create', differences: [] }];
  }
  try {
    return await adjust(rpc, definition, step);
  } catch (error) {
    // The schedule was deleted after the listing.
    if (error instanceof NotFound && step.known) return settle(rpc, entry, { ...step, known: false });
    throw error;
  }
}

/** Creates a schedule. @returns false when the name is taken */
export async function create(rpc: Rpc, definition: ScheduleDefinition, options: OwnScheduleOptions): Promise<boolean> {
  try {
    await rpc.call(definition.id, (client) => client.schedule.create(options));
    await setClock(rpc, definition);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

async function adjust(
  rpc: Rpc,
  entry: ScheduleDefinition,
  { dryRun, rules }: Step,
): Promise<readonly ScheduleChange[]> {
  const { id } = entry;
  const described = await rpc.ask(id, (client) => client.schedule.getHandle(id).describe());
  const origin = originOf(described.memo);
  if (origin !== 'code') {
    const whose = origin === 'dynamic' ? 'was added at run time' : 'was not made by Perennial';
    return [{ id, action: 'conflict', differences: [], reason: `a schedule of this name ${whose}` }];
  }
  const differences = differencesBetween(definitionOf(described), foundBehaviour(described), { to: entry, rules });
  if (differences.length === 0) return [];
  if (!dryRun) await rewrite(rpc, entry, rules);
  return [{ id, action: 'update', differences }];
}

/**
 * Replaces the definition on the server; pauses, notes and memo are kept. A one-off schedule that has run starts again when
 * its times are changed, and stays finished otherwise.
 */
export async function rewrite(rpc: Rpc, definition: ScheduleDefinition, rules: TargetRules): Promise<void> {
  const { spec, action, policies } = toOptions(definition, 'code', rules);
  await rpc.ask(definition.id, (client) =>
    client.schedule.getHandle(definition.id).update((before) => {
      const { remainingActions: left, ...state } = before.state;
      const known = definitionOf(before);
      const sameTimes = known !== undefined && timesOf(known) === timesOf(definition);
      return {
        spec,
        action,
        ...(policies === undefined ? {} : { policies }),
        state: definition.oneOff === true ? { ...state, remainingActions: sameTimes ? (left ?? 1) : 1 } : state,
      };
    }),
  );
  await setClock(rpc, definition);
}

/** Deletes what code no longer has. The listing lags behind, so it may name what is gone, or what is another's by now. */
async function withdraw(rpc: Rpc, id: string, dryRun: boolean): Promise<readonly ScheduleChange[]> {
  try {
    const { memo } = await rpc.ask(id, (client) => client.schedule.getHandle(id).describe());
    if (originOf(memo) !== 'code') return [];
    if (!dryRun) await rpc.call(id, (client) => client.schedule.getHandle(id).delete());
  } catch (error) {
    if (error instanceof NotFound) return [];
    throw error;
  }
  return [{ id, action: 'delete', differences: [] }];
}

/** Lists the fields in which two definitions differ, or for equal definitions the fields that were edited with other tools. */
export function differencesBetween(
  from: ScheduleDefinition | undefined,
  found: Behaviour,
  { to, rules }: { readonly to: ScheduleDefinition; readonly rules: TargetRules },
): readonly ScheduleDifference[] {
  if (from === undefined) return [{ field: 'definition', from: 'unreadable', to: hashDefinition(to) }];
  const fields = hashDefinition(from) === hashDefinition(to) ? [] : fieldDifferences(from, to);
  if (fields.length > 0) return fields;
  const wanted = wantedBehaviour(to, rules);
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
