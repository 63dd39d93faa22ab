/** Gives the server the clock of a schedule that runs once a day. */
import { createHash } from 'node:crypto';
import type { ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';
import { onceADayClock } from '../../schedules/once-a-day.ts';
import { compileTiming } from '../../schedules/timing.ts';
import type { Rpc } from '../connection/rpc.ts';

/** The table of offsets by which the server reads the times of a definition; `undefined` for the table of its zone. */
function clockOf({ timing, timeZone, onceADay = false }: ScheduleDefinition): Uint8Array | undefined {
  if (!onceADay) return undefined;
  const { calendars } = compileTiming(timing, timeZone, onceADay);
  const [first] = calendars;
  return first === undefined ? undefined : onceADayClock(first, timeZone);
}

/** What a table of offsets is compared by: empty for none. */
export function clockHash(clock: Uint8Array | null | undefined): string {
  if (clock === null || clock === undefined || clock.length === 0) return '';
  return createHash('sha256').update(clock).digest('hex').slice(0, 16);
}

/** As {@link clockHash}, of what a definition wants. */
export function wantedClock(definition: ScheduleDefinition): string {
  return clockHash(clockOf(definition));
}

/**
 * Sets the clock of a schedule that has just been written. The SDK's own options
 * have no field for it. Until this second step the schedule runs by its zone,
 * which differs on days with a change of clocks only; a step that is lost shows
 * as a difference in `times` and is put right by the next sync or update.
 */
export async function setClock(rpc: Rpc, definition: ScheduleDefinition): Promise<void> {
  const timezoneData = clockOf(definition);
  if (timezoneData === undefined) return;
  const scheduleId = definition.id;
  await rpc.call(scheduleId, async ({ workflowService, options: { namespace, identity } }) => {
    const { schedule, conflictToken } = await workflowService.describeSchedule({ namespace, scheduleId });
    await workflowService.updateSchedule({
      ...{ namespace, identity, scheduleId, conflictToken },
      schedule: { ...schedule, spec: { ...schedule?.spec, timezoneData } },
    });
  });
}
