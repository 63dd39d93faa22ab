/** The place for tasks of your own; it has none yet. `docs/adding-a-task.md` shows how to add one. */
import { ownTaskSchemas } from '../../contracts/own/schema.ts';
import { ownTasks } from '../../contracts/own/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { OwnPorts } from './ports.ts';

/**
 * Creates the activities, one body for each row of `contracts/own/tasks.ts`; `ports` is what bodies may use of the
 * product.
 */
export const createOwnActivities = activitiesOf(ownTasks, ownTaskSchemas, (_ports: OwnPorts) => ({}));
