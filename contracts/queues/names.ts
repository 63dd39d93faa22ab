/**
 * Names of the task queues. Activity queues are named `domain.queue`; `docs/queues.md` lists the Celery queue that each one
 * replaces, and `table.ts` says how each is served. Workflow tasks have a separate queue, so that a backlog of activities
 * does not delay them.
 */
export const queues = {
  /** All workflows. */
  workflows: 'perennial.workflows',
  /** Short internal activities, such as those of limits, which must not wait behind a backlog of tasks. */
  system: 'perennial.system',

  /** Payments and other urgent work. */
  documentsCritical: 'documents.critical',
  /** Work that a user waits for: urgent reading, transactional email, notifications. */
  documentsHighPriority: 'documents.high_priority',
  /** Email, which mostly waits for SMTP servers. */
  documentsEmail: 'documents.email',
  /** Reading of pages, which is CPU-bound. */
  documentsOcr: 'documents.ocr',
  /** Short database and storage work of the documents domain. */
  documentsDefault: 'documents.default',
  /** Work that nobody waits for: reports, imports, cleanup, backup. */
  documentsLowPriority: 'documents.low_priority',
  /** Calls of other services. */
  documentsApiCalls: 'documents.api_calls',

  /** Critical financial alerts. */
  messagingSmsCritical: 'messaging.sms_critical',
  /** Daily messages and check-ins. */
  messagingSmsDaily: 'messaging.sms_daily',
  /** Payment reminders; on `messaging.sms_daily` their rate limit would delay the check-ins too. */
  messagingPaymentReminders: 'messaging.payment_reminders',
  /** Monthly reports by email. */
  messagingEmailReports: 'messaging.email_reports',
  /** Educational content by email. */
  messagingEmailEducation: 'messaging.email_education',
  /** Analysis of engagement. */
  messagingAnalytics: 'messaging.analytics',
  /** Tuning of the system itself. */
  messagingOptimization: 'messaging.optimization',
  /** Health checks. */
  messagingMonitoring: 'messaging.monitoring',

  /** System and debug tasks. */
  adminDefault: 'admin.default',
  /** Notifications and bulk email. */
  adminEmail: 'admin.email',
  /** Pictures and uploads. */
  adminMedia: 'admin.media',
  /** Exports and reports for administrators. */
  adminReports: 'admin.reports',
  /** Health checks and cleanup. */
  adminMaintenance: 'admin.maintenance',

  /** General work of low priority. */
  dataDefault: 'data.default',
  /** Language models and embeddings. */
  aiAi: 'ai.ai',
  /** Uploads, exports, cleanup. */
  dataData: 'data.data',
  /** Webhooks, subscriptions, invoices, refunds: served first. */
  billingBilling: 'billing.billing',

  /** Unrouted work. */
  casesDefault: 'cases.default',
  /** Confirmations by email. */
  casesEmail: 'cases.email',
  /** PDF reports. */
  casesReports: 'cases.reports',
  /** Dashboards. */
  casesAnalytics: 'cases.analytics',
  /** Archiving and clearing of caches. */
  casesCleanup: 'cases.cleanup',
} as const;

/** The name of any queue. */
export type QueueName = (typeof queues)[keyof typeof queues];

/** Names that the server keeps for itself: it refuses a task there, and with it the decision of the whole run. */
const QUEUES_OF_SERVER = '/_sys/';

const MAX_QUEUE_LENGTH = 200;

/** What {@link mayNameQueue} takes, for messages. */
export const QUEUE_NAME_EXPECTED = `the name of a queue, at most ${MAX_QUEUE_LENGTH} characters`;

/** Says whether a server takes a text as the name of a queue; whether workers serve it is another question. */
export function mayNameQueue(name: string): boolean {
  return name !== '' && name.length <= MAX_QUEUE_LENGTH && !name.startsWith(QUEUES_OF_SERVER);
}
