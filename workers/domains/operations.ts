import { createOperationsActivities } from '../../activities/operations/index.ts';
import { createDownloader } from '../../services/imports/download/download.ts';
import { createCounters, createEffectLog } from '../../services/operations/postgres.ts';
import { countingProcessor } from '../../services/operations/processor.ts';
import { openScratch } from '../../services/operations/scratch.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the domain of example tasks with its real adapters. */
export function createOperationsDomain({ config, database, logger, shell }: DomainContext): Domain {
  const warn = (fields: object, message: string): void => {
    logger.warn(fields, message);
  };
  const ports = {
    effects: createEffectLog(database),
    counters: createCounters(database),
    openScratch,
    downloader: createDownloader(config.imports),
    processor: countingProcessor,
    warn,
  };
  return { activities: createOperationsActivities(ports, shell) };
}
