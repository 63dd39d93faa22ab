/**
 * How every queue is served; workers, clients and `docs/queues.md` read this table.
 */
import { fromReversedScale } from './priorities.ts';
import { type QueueName, queues } from './names.ts';
import type { Language } from './languages.ts';
import { messageRates, type Rate } from './rates.ts';

/** One queue. */
export interface QueueRow {
  readonly queue: string;
  /** Requirement and name of the Celery queue that this one replaces; absent for queues without one. */
  readonly source?: { readonly row: `QUEUE-${number}`; readonly name: string };
  /** Default priority of its tasks: 1 to 10, 10 first. */
  readonly priority: number;
  /** Activities that one worker process runs at once; `cores` for CPU-bound work. */
  readonly slots: number | 'cores';
  /**
   * Prefetch of the Celery queue, for documentation only: a worker polls for a task when it has a free slot and reserves
   * none.
   */
  readonly prefetch?: number;
  /** Most tasks that all workers together start per time. */
  readonly rate?: Rate;
  /** Language of the workers that serve it, where it is another one. @defaultValue TypeScript */
  readonly language?: Language;
  readonly purpose: string;
}

/** Slots for work that mostly waits for other machines. */
const WAITING = 20;
/** Slots for CPU-heavy work in the background, few enough to leave cores to interactive work. */
const HEAVY = 4;

type Facts = Omit<QueueRow, 'queue' | 'source'>;

function row(number: number, name: string, queue: QueueName, facts: Facts): QueueRow {
  return { queue, source: { row: `QUEUE-${number}`, name }, ...facts };
}

/** Queues of the five Celery applications, in their order. */
const sourceRows: readonly QueueRow[] = [
  row(1, 'ocr-backend.critical', queues.documentsCritical, {
    priority: 10,
    slots: WAITING,
    purpose: 'payments and urgent work; every fleet for all queues serves it',
  }),
  row(2, 'ocr-backend.high_priority', queues.documentsHighPriority, {
    priority: 10,
    slots: WAITING,
    prefetch: 10,
    purpose: 'urgent reading (9), transactional mail and notifications (8), user-facing work (7)',
  }),
  row(3, 'ocr-backend.email', queues.documentsEmail, {
    priority: 8,
    slots: WAITING,
    prefetch: 10,
    purpose: 'mail; the router gives what is not transactional 6',
  }),
  row(4, 'ocr-backend.ocr', queues.documentsOcr, {
    priority: 7,
    slots: 'cores',
    prefetch: 1,
    purpose: 'reading of pages: one slot more than there are readers, so that no core idles while a document is saved',
  }),
  row(5, 'ocr-backend.default', queues.documentsDefault, {
    priority: 5,
    slots: WAITING,
    prefetch: 4,
    purpose: 'unrouted tasks, monitors, short database work',
  }),
  row(6, 'ocr-backend.low_priority', queues.documentsLowPriority, {
    priority: 1,
    slots: HEAVY,
    prefetch: 1,
    purpose: 'reports, cleanup, synchronisation, backup, analytics',
  }),
  row(7, 'ocr-backend.api_calls', queues.documentsApiCalls, {
    priority: 5,
    slots: 100,
    prefetch: 10,
    purpose: 'calls of other services, 100 at once',
  }),
  row(8, 'mingus.sms_critical', queues.messagingSmsCritical, {
    priority: fromReversedScale(1),
    slots: WAITING,
    prefetch: 1,
    rate: messageRates.criticalAlerts,
    purpose: 'critical financial alerts',
  }),
  row(9, 'mingus.sms_daily', queues.messagingSmsDaily, {
    priority: fromReversedScale(3),
    slots: WAITING,
    prefetch: 1,
    purpose: 'daily messages and check-ins',
  }),
  row(10, 'mingus.email_reports', queues.messagingEmailReports, {
    priority: fromReversedScale(5),
    slots: WAITING,
    prefetch: 2,
    rate: messageRates.monthlyReports,
    purpose: 'monthly reports by mail',
  }),
  row(11, 'mingus.email_education', queues.messagingEmailEducation, {
    priority: fromReversedScale(7),
    slots: WAITING,
    prefetch: 2,
    purpose: 'educational content by mail',
  }),
  row(12, 'mingus.analytics', queues.messagingAnalytics, {
    priority: fromReversedScale(8),
    slots: HEAVY,
    prefetch: 1,
    purpose: 'analysis of engagement; routing keys analytics.*',
  }),
  row(13, 'mingus.optimization', queues.messagingOptimization, {
    priority: fromReversedScale(9),
    slots: HEAVY,
    prefetch: 1,
    purpose: 'tuning of the system',
  }),
  row(14, 'mingus.monitoring', queues.messagingMonitoring, {
    priority: fromReversedScale(10),
    slots: HEAVY,
    prefetch: 1,
    purpose: 'health checks, last of all',
  }),
  row(15, 'au-vlp.default', queues.adminDefault, {
    priority: 5,
    slots: WAITING,
    prefetch: 1,
    purpose: 'system and debug tasks',
  }),
  row(16, 'au-vlp.email', queues.adminEmail, {
    priority: 5,
    slots: WAITING,
    prefetch: 1,
    purpose: 'notifications and bulk mail',
  }),
  row(17, 'au-vlp.media', queues.adminMedia, {
    priority: 5,
    slots: 'cores',
    prefetch: 1,
    purpose: 'pictures and uploads',
  }),
  row(18, 'au-vlp.reports', queues.adminReports, {
    priority: 5,
    slots: HEAVY,
    prefetch: 1,
    purpose: 'exports and reports for administrators',
  }),
  row(19, 'au-vlp.maintenance', queues.adminMaintenance, {
    priority: 5,
    slots: HEAVY,
    prefetch: 1,
    purpose: 'health checks and cleanup',
  }),
  row(20, 'datacleanup.default', queues.dataDefault, {
    priority: 3,
    slots: WAITING,
    prefetch: 1,
    purpose: 'general work of low priority',
  }),
  row(21, 'datacleanup.ai', queues.aiAi, {
    priority: 6,
    slots: WAITING,
    prefetch: 1,
    purpose: 'language models and embeddings',
  }),
  row(22, 'datacleanup.data', queues.dataData, {
    priority: 5,
    slots: HEAVY,
    prefetch: 1,
    purpose: 'uploads, exports, cleanup',
  }),
  row(23, 'datacleanup.billing', queues.billingBilling, {
    priority: 10,
    slots: WAITING,
    prefetch: 1,
    purpose: 'webhooks, subscriptions, invoices, refunds; served first',
  }),
  row(24, 'afirgen.default', queues.casesDefault, {
    priority: 5,
    slots: WAITING,
    prefetch: 4,
    purpose: 'unrouted work',
  }),
  row(25, 'afirgen.email', queues.casesEmail, {
    priority: 3,
    slots: WAITING,
    prefetch: 4,
    purpose: 'confirmations by mail',
  }),
  row(26, 'afirgen.reports', queues.casesReports, {
    priority: 5,
    slots: HEAVY,
    prefetch: 4,
    purpose: 'PDF reports',
  }),
  row(27, 'afirgen.analytics', queues.casesAnalytics, {
    priority: 2,
    slots: HEAVY,
    prefetch: 4,
    purpose: 'dashboards',
  }),
  row(28, 'afirgen.cleanup', queues.casesCleanup, {
    priority: 1,
    slots: HEAVY,
    prefetch: 4,
    purpose: 'archiving, clearing of caches',
  }),
];

/** Queues that no Celery application has. */
const ownRows: readonly QueueRow[] = [
  {
    queue: queues.messagingPaymentReminders,
    priority: fromReversedScale(3),
    slots: WAITING,
    rate: messageRates.paymentReminders,
    purpose: 'payment reminders; a queue of their own, so that their rate limit does not delay the check-ins',
  },
  {
    queue: queues.system,
    priority: 10,
    slots: 50,
    purpose: "Perennial's own bookkeeping: turns of limited work",
  },
  {
    queue: queues.workflows,
    priority: 5,
    slots: 40,
    purpose: 'all workflows; decisions take milliseconds',
  },
];

/** Every queue of the product. */
export const queueTable: readonly QueueRow[] = [...sourceRows, ...ownRows];

const byName: ReadonlyMap<string, QueueRow> = new Map(queueTable.map((entry) => [entry.queue, entry]));

/** Returns the row of a queue of the product. */
export function queueRow(queue: string): QueueRow {
  const found = byName.get(queue);
  if (found === undefined) throw new RangeError(`expected a row for each queue, found none for ${queue}`);
  return found;
}
