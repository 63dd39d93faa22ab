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
  /** Mail: waits for SMTP servers most of the time (QUEUE-3). */
  documentsEmail: 'documents.email',
  /** What nobody waits for: reports, imports, cleanup, backup (QUEUE-6). */
  documentsLowPriority: 'documents.low_priority',
} as const;

/** The name of any queue. */
export type QueueName = (typeof queues)[keyof typeof queues];
