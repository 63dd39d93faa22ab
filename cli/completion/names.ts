/** Names that only the application or the server knows. */
import { activityQueues, allTasks } from '../../contracts/register.schema.ts';
import { queues } from '../../contracts/queues/names.ts';
import { type CliContext, withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import type { NameKind } from './candidates.ts';

/** Returns the names of a kind; those of schedules are asked of the server, the others need none. */
export async function namesOf(context: CliContext, kind: NameKind): Promise<readonly string[]> {
  if (kind === 'schedule') return schedulesOf(context);
  await context.openApplication();
  if (kind === 'task') return allTasks().map(({ name }) => name);
  return activityQueues().filter((name) => name !== queues.system);
}

async function schedulesOf(context: CliContext): Promise<readonly string[]> {
  const names: string[] = [];
  await withServices(context, async ({ client }) => {
    names.push(...(await client.schedules.list()).map(({ id }) => id));
    return exitCodes.ok;
  });
  return names;
}
