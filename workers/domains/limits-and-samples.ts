/** Builds the activities of limits, of the example tasks of operations and of the samples. */
import { createLimitActivities } from '../../activities/limits/index.ts';
import { createOperationsActivities } from '../../activities/operations/index.ts';
import { createSampleActivities } from '../../activities/samples/index.ts';
import { createLimitStore } from '../../services/limits/postgres.ts';
import { createEffectLog } from '../../services/operations/postgres.ts';
import { openScratch } from '../../services/operations/scratch.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Limits, operations and samples over real adapters. */
export function createTasksDomain({ database, logger, shell }: DomainContext): Domain {
  const warn = (fields: object, message: string): void => {
    logger.warn(fields, message);
  };
  return {
    activities: {
      ...createLimitActivities(createLimitStore(database), shell),
      ...createOperationsActivities({ effects: createEffectLog(database), openScratch, warn }, shell),
      ...createSampleActivities(shell),
    },
  };
}
