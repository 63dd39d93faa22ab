import { createOperationsActivities } from '../../activities/operations/index.ts';
import { createEffectLog } from '../../services/operations/postgres.ts';
import { openScratch } from '../../services/operations/scratch.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the domain of example tasks with its real adapters. */
export function createOperationsDomain({ database, logger, shell }: DomainContext): Domain {
  const warn = (fields: object, message: string): void => {
    logger.warn(fields, message);
  };
  return { activities: createOperationsActivities({ effects: createEffectLog(database), openScratch, warn }, shell) };
}
