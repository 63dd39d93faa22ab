/**
 * Task queues. Activity queues are named `domain.queue`; `docs/queues.md` tells
 * which queue of which source each one replaces, and `queues.table.ts` how each
 * is served. Orchestration has a queue of its own, so that a backlog of
 * activities never delays a decision.
 */
export const queues = {
  /** All workflows. */
  workflows: 'perennial.workflows',
  /** Perennial's own short bookkeeping, such as the turns of limited work: never behind a backlog of tasks. */
  system: 'perennial.system',

  /** Payments, and whatever is urgent (QUEUE-1). */
  documentsCritical: 'documents.critical',
  /** What a user waits for: urgent reading, transactional mail, notifications (QUEUE-2). */
  documentsHighPriority: 'documents.high_priority',
  /** Mail: waits for SMTP servers most of the time (QUEUE-3). */
  documentsEmail: 'documents.email',
  /** CPU-bound reading of pages: as many slots as cores (QUEUE-4). */
  documentsOcr: 'documents.ocr',
  /** Short database and storage work of the documents domain (QUEUE-5). */
  documentsDefault: 'documents.default',
  /** What nobody waits for: reports, imports, cleanup, backup (QUEUE-6). */
  documentsLowPriority: 'documents.low_priority',
  /** Calls of other services (QUEUE-7). */
  documentsApiCalls: 'documents.api_calls',

  /** Critical financial alerts (QUEUE-8). */
  messagingSmsCritical: 'messaging.sms_critical',
  /** Daily messages and check-ins (QUEUE-9). */
  messagingSmsDaily: 'messaging.sms_daily',
  /** Payment reminders: on QUEUE-9 their rate limit would hold the check-ins up too (P3-34). */
  messagingPaymentReminders: 'messaging.payment_reminders',
  /** Monthly reports by mail (QUEUE-10). */
  messagingEmailReports: 'messaging.email_reports',
  /** Educational content by mail (QUEUE-11). */
  messagingEmailEducation: 'messaging.email_education',
  /** Analysis of engagement (QUEUE-12). */
  messagingAnalytics: 'messaging.analytics',
  /** Tuning of the system itself (QUEUE-13). */
  messagingOptimization: 'messaging.optimization',
  /** Health checks (QUEUE-14). */
  messagingMonitoring: 'messaging.monitoring',

  /** System and debug tasks (QUEUE-15). */
  adminDefault: 'admin.default',
  /** Notifications and bulk mail (QUEUE-16). */
  adminEmail: 'admin.email',
  /** Pictures and uploads (QUEUE-17). */
  adminMedia: 'admin.media',
  /** Exports and reports for administrators (QUEUE-18). */
  adminReports: 'admin.reports',
  /** Health checks and cleanup (QUEUE-19). */
  adminMaintenance: 'admin.maintenance',

  /** General work of low priority (QUEUE-20). */
  dataDefault: 'data.default',
  /** Language models and embeddings (QUEUE-21). */
  aiAi: 'ai.ai',
  /** Uploads, exports, cleanup (QUEUE-22). */
  dataData: 'data.data',
  /** Webhooks, subscriptions, invoices, refunds: served first (QUEUE-23). */
  billingBilling: 'billing.billing',

  /** Unrouted work (QUEUE-24). */
  casesDefault: 'cases.default',
  /** Confirmations by mail (QUEUE-25). */
  casesEmail: 'cases.email',
  /** PDF reports (QUEUE-26). */
  casesReports: 'cases.reports',
  /** Dashboards (QUEUE-27). */
  casesAnalytics: 'cases.analytics',
  /** Archiving and clearing of caches (QUEUE-28). */
  casesCleanup: 'cases.cleanup',
} as const;

/** The name of any queue. */
export type QueueName = (typeof queues)[keyof typeof queues];

const known: ReadonlySet<string> = new Set(Object.values(queues));

/** Says whether a string names a queue of {@link queues}. */
export function isQueueName(name: string): name is QueueName {
  return known.has(name);
}
