/** Builds the activities of the tasks of one's own, and what their bodies may use. */
import { createOwnActivities } from '../../activities/own/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDocumentStore } from '../../services/documents/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** The tasks of one's own over real adapters. */
export function createOwnDomain({ config, database, shell }: DomainContext): Domain {
  const ports = { documents: createDocumentStore(database), blobs: createBlobStore(config.blobs.url) };
  return { activities: createOwnActivities(ports, shell) };
}
