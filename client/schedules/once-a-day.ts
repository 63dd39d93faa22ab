/** Sends the table of UTC offsets of a schedule that runs once a day to the server. */
import { createHash } from 'node:crypto';
import type { ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';
import { onceADayClock } from '../../schedules/once-a-day.ts';
import { compileTiming } from '../../schedules/timing.ts';
import type { Rpc } from '../connection/rpc.ts';

/** Returns the table of offsets for a definition; `undefined` for the table of its zone. */
function clockOf({ timing, timeZone, onceADay = false }: ScheduleDefinition): Uint8Array | undefined {
  if (!onceADay) return undefined;
  const { calendars } = compileTiming(timing, timeZone, onceADay);
  const [first] = calendars;
  return first === undefined ? undefined : onceADayClock(first, timeZone);
}

/** Hashes a table of offsets for comparison; empty when there is none. */
export function clockHash(clock: Uint8Array | null | undefined): string {
  if (clock === null || clock === undefined || clock.length === 0) return '';
  return createHash('sha256').update(clock).digest('hex').slice(0, 16);
}

/** Returns {@link clockHash} of the table that a definition needs. */
export function wantedClock(definition: ScheduleDefinition): string {
  return clockHash(clockOf(definition));
}

/**
 * Sets the clock of a schedule that has just been written. The SDK's own options
 * have no field for it. Before this second step the schedule uses its zone,
 * which differs only on days with a clock change. If the step fails, the next sync or
 * update finds a difference in `times` and repeats it.
 */
export async function setClock(rpc: Rpc, definition: ScheduleDefinition): Promise<void> {
  const timezoneData = clockOf(definition);
  if (timezoneData === undefined) return;
  const scheduleId = definition.id;
  await rpc.ask(scheduleId, async ({ workflowService, options: { namespace, identity } }) => {
    const { schedule, conflictToken } = await workflowService.describeSchedule({ namespace, scheduleId });
    await workflowService.updateSchedule({
      ...{ namespace, identity, scheduleId, conflictToken },
      schedule: { ...schedule, spec: { ...schedule?.spec, timezoneData } },
    });
  });
}
