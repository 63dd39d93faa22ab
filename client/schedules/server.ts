/** Implements the port through which tasks read schedules. */
import { PerennialError } from '../../contracts/failures.ts';
import type { ScheduleServer, WatchedSchedule } from '../../services/schedules/port.ts';
import { Unavailable } from '../connection/errors.ts';
import type { PerennialClient } from '../types.ts';

/**
 * Adapts a client to the port that the tasks of the schedules domain use.
 *
 * @param connect - returns the client; called for each request
 */
export function scheduleServer(connect: () => Promise<PerennialClient>): ScheduleServer {
  const ask = async <T>(question: (client: PerennialClient) => Promise<T>): Promise<T> => {
    try {
      return await question(await connect());
    } catch (error) {
      if (error instanceof Unavailable) throw new PerennialError('BackendUnavailable', error.message, { cause: error });
      throw error;
    }
  };
  return {
    watch: () => ask(watch),
    runsSince: (time) => ask((client) => client.schedules.runsSince(time)),
    pausesSince: (id, time) => ask((client) => client.schedules.pausesSince(id, time)),
    put: (definition) => ask((client) => client.schedules.put(definition)),
  };
}

async function watch({ schedules }: PerennialClient): Promise<readonly WatchedSchedule[]> {
  return (await schedules.list()).flatMap(({ definition, counts, ...view }) => {
    if (definition === null) return [];
    const { missedCatchup, skippedOverlap, droppedFromBuffer: bufferDropped, waiting } = counts;
    return [{ ...view, definition, counts: { missedCatchup, skippedOverlap, bufferDropped }, waiting }];
  });
}
