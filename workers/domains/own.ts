/** Builds the activities of your own tasks, and the ports of their bodies. */
import { createOwnActivities } from '../../activities/own/index.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDocumentStore } from '../../services/documents/postgres.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the domain of your own tasks with its real adapters. */
export function createOwnDomain({ config, database, shell }: DomainContext): Domain {
  const ports = { documents: createDocumentStore(database), blobs: createBlobStore(config.blobs.url) };
  return { activities: createOwnActivities(ports, shell) };
}
