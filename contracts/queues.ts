/**
 * Task queues. Activity queues are named `domain.queue`; `docs/queues.md` tells
 * which queue of which source each one replaces. Orchestration has a queue of
 * its own, so that a backlog of activities never delays a decision.
 */
export const queues = {
  /** All workflows. */
  workflows: 'perennial.workflows',
  /** CPU-bound reading of pages: as many slots as cores. */
  documentsOcr: 'documents.ocr',
  /** Short database and storage work of the documents domain. */
  documentsDefault: 'documents.default',
} as const;

/** The name of any queue. */
export type QueueName = (typeof queues)[keyof typeof queues];
