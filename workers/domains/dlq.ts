import { createDeadLetterActivities } from '../../activities/dlq/index.ts';
import { keptSteps } from '../../client/dlq/completed-steps.ts';
import { exitWithout } from '../../config/load.ts';
import { configTable } from '../../config/table.ts';
import { createKeyRing } from '../../payloads/key-ring.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createKeptPieces } from '../../services/dlq/pieces.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the activities of dead letters with their real adapters. */
export function createDeadLetterDomain({ config, database, shell }: DomainContext): Domain {
  const keys = createKeyRing(config.sealing.keys ?? exitWithout(configTable.sealing.keys), 'SEAL_KEYS');
  const pieces = createKeptPieces(database);
  return {
    activities: createDeadLetterActivities(
      {
        blobs: createBlobStore(config.blobs.url),
        steps: (runId, place) => keptSteps(keys, pieces, { runId, place }),
      },
      shell,
    ),
  };
}
