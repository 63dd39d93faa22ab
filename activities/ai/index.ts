/** The activities of AI: one body for each row of `contracts/ai/tasks.ts`. */
import { aiTaskSchemas } from '../../contracts/ai/schema.ts';
import { aiTasks } from '../../contracts/ai/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { complete } from './complete.ts';
import { embed } from './embed.ts';
import type { AiPorts } from './ports.ts';
import { search } from './search.ts';

/** Creates the activities of AI. Every one may run twice: what is used is counted once for each key. */
export const createAiActivities = activitiesOf(aiTasks, aiTaskSchemas, (ports: AiPorts) => ({
  complete: (input, context) => complete(ports, input, context),
  embed: (input, context) => embed(ports, input, context),
  search: (input, context) => search(ports, input, context),
}));
