/**
 * Which queue and priority a task gets by its name: the routers of the five
 * sources as tables and pure functions. The exact name decides first, then the
 * module, and only then what words stand in the name (P3-38).
 *
 * Routing options are never arguments of the task (P3-38), and a task is routed
 * once, when it is called (P3-37).
 */
import { PRIORITY_LOW, PRIORITY_NORMAL } from './priorities.ts';
import { type QueueName, queues } from './names.ts';
import { queueRow } from './table.ts';

/** What a caller may say about where a task belongs. */
export interface RoutingOptions {
  /** Somebody waits for it: documents to be read go to the high-priority queue (ROUTE-2). */
  readonly urgent?: boolean | undefined;
  /** A mail that the recipient has just asked for, like a reset of a password (ROUTE-2). */
  readonly transactional?: boolean | undefined;
}

/** Where a task goes. */
export interface Route {
  readonly queue: QueueName;
  /** 1 to 10, 10 first. */
  readonly priority: number;
}

const LOW: Route = { queue: queues.documentsLowPriority, priority: PRIORITY_LOW };
const TRANSACTIONAL: Route = { queue: queues.documentsHighPriority, priority: 8 };

/** A route with the priority that the queue itself has. */
function to(queue: QueueName): Route {
  return { queue, priority: queueRow(queue).priority };
}

/** Names that are routed as they stand. */
const exactRoutes: Readonly<Record<string, Route>> = {
  // P3-38: these two are transactional whether or not the caller says so.
  'celery_app.tasks.email_tasks.send_verification_email': TRANSACTIONAL,
  'celery_app.tasks.email_tasks.send_password_reset_email': TRANSACTIONAL,
  // PRIO-6…8: said by the tasks themselves.
  'celery_app.tasks.priority_tasks.critical_payment_processing': { queue: queues.documentsCritical, priority: 10 },
  'celery_app.tasks.priority_tasks.user_notification': TRANSACTIONAL,
  'celery_app.tasks.priority_tasks.analytics_processing': LOW,
  // ROUTE-3: priorities by P3-01 from the scale on which 1 goes first.
  'backend.tasks.mingus_celery_tasks.send_critical_financial_alert': to(queues.messagingSmsCritical),
  'backend.tasks.mingus_celery_tasks.send_payment_reminder': to(queues.messagingPaymentReminders),
  'backend.tasks.mingus_celery_tasks.send_monthly_report': to(queues.messagingEmailReports),
  'backend.tasks.mingus_celery_tasks.send_educational_content': to(queues.messagingEmailEducation),
  'backend.tasks.mingus_celery_tasks.analyze_user_engagement': to(queues.messagingAnalytics),
  // Not in its router; its schedule names their queues.
  'backend.tasks.mingus_celery_tasks.send_weekly_checkin': to(queues.messagingSmsDaily),
  'backend.tasks.mingus_celery_tasks.monitor_queue_depth': to(queues.messagingAnalytics),
  'backend.tasks.mingus_celery_tasks.track_delivery_rates': to(queues.messagingAnalytics),
};

/** MINGUS's routing keys, kept for whoever still looks for them (ROUTE-3). */
export const routingKeys: Partial<Readonly<Record<QueueName, string>>> = {
  [queues.messagingSmsCritical]: 'sms.critical',
  [queues.messagingSmsDaily]: 'sms.daily',
  [queues.messagingPaymentReminders]: 'sms.daily',
  [queues.messagingEmailReports]: 'email.reports',
  [queues.messagingEmailEducation]: 'email.education',
  [queues.messagingAnalytics]: 'analytics.analysis',
};

/** ROUTE-6: the five purposes of AU-VLP, whose tasks have no names in the source; here they begin with `au_vlp.` and the purpose. */
const adminRoutes: Readonly<Record<'system' | 'email' | 'media' | 'reports' | 'maintenance', Route>> = {
  system: to(queues.adminDefault),
  email: to(queues.adminEmail),
  media: to(queues.adminMedia),
  reports: to(queues.adminReports),
  maintenance: to(queues.adminMaintenance),
};

type ModuleRoute = readonly [prefix: string, route: Route | ((options: RoutingOptions) => Route)];

/** Modules of the sources. The first that a name starts with decides. */
const moduleRoutes: readonly ModuleRoute[] = [
  // ROUTE-1, with the priorities of ROUTE-2 (P3-02: the router wins over the queue).
  ['celery_app.tasks.ocr_tasks.', routeOcr],
  ['celery_app.tasks.email_tasks.', routeEmail],
  ['celery_app.tasks.report_tasks.', { ...LOW, priority: 2 }],
  ['celery_app.tasks.cleanup_tasks.', LOW],
  // ROUTE-4.
  ['afirgen_tasks.email.', to(queues.casesEmail)],
  ['afirgen_tasks.reports.', to(queues.casesReports)],
  ['afirgen_tasks.analytics.', to(queues.casesAnalytics)],
  ['afirgen_tasks.cleanup.', to(queues.casesCleanup)],
  ['afirgen_tasks.', to(queues.casesDefault)],
  // ROUTE-5.
  ['app.tasks.ai_tasks.', to(queues.aiAi)],
  ['app.tasks.data_tasks.', to(queues.dataData)],
  ['app.tasks.billing_tasks.', to(queues.billingBilling)],
  ['app.tasks.', to(queues.dataDefault)],
  // ROUTE-6.
  ...Object.entries(adminRoutes).map(([purpose, route]): ModuleRoute => [`au_vlp.${purpose}.`, route]),
  ['au_vlp.', adminRoutes.system],
];

function routeOcr({ urgent }: RoutingOptions): Route {
  return urgent === true
    ? { queue: queues.documentsHighPriority, priority: 9 }
    : { queue: queues.documentsOcr, priority: 7 };
}

function routeEmail({ transactional }: RoutingOptions): Route {
  return transactional === true ? TRANSACTIONAL : { queue: queues.documentsEmail, priority: 6 };
}

/** ROUTE-2: words in the name, in this order and whatever their case. */
function routeByContent(name: string, options: RoutingOptions): Route {
  const words = name.toLowerCase();
  if (words.includes('ocr')) return routeOcr(options);
  if (words.includes('email')) return routeEmail(options);
  if (words.includes('report')) return { ...LOW, priority: 2 };
  if (words.includes('cleanup')) return LOW;
  return { queue: queues.documentsDefault, priority: PRIORITY_NORMAL };
}

/** Routes a task of one of the sources by the name it had there. Never fails. */
export function routeByName(name: string, options: RoutingOptions = {}): Route {
  const exact = Object.hasOwn(exactRoutes, name) ? exactRoutes[name] : undefined;
  if (exact !== undefined) return exact;
  const route = moduleRoutes.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (route === undefined) return routeByContent(name, options);
  return typeof route === 'function' ? route(options) : route;
}

/** What routing needs to know of a task of the catalogue. */
export interface Routed {
  readonly queue: QueueName;
  readonly priority?: number | undefined;
  readonly route?: ((input: unknown) => Route) | undefined;
}

/**
 * Routes a task of the catalogue: as its input says where it has a rule for
 * that, else its own queue and priority, unless the caller says that somebody
 * waits for it.
 */
export function routeTask(task: Routed, input: unknown, options: RoutingOptions = {}): Route {
  if (task.route !== undefined) return task.route(input);
  if (task.queue === queues.documentsOcr) return withPriority(routeOcr(options), options.urgent, task.priority);
  if (task.queue === queues.documentsEmail)
    return withPriority(routeEmail(options), options.transactional, task.priority);
  return { queue: task.queue, priority: task.priority ?? queueRow(task.queue).priority };
}

/** A task's own priority stands unless it was moved to another queue. */
function withPriority(route: Route, moved: boolean | undefined, own: number | undefined): Route {
  return moved === true || own === undefined ? route : { ...route, priority: own };
}

/** PRIO-9: where an adaptive task goes, by what its data say. */
export function routeAdaptive(data: { readonly urgent?: unknown; readonly user_facing?: unknown }): Route {
  if (Boolean(data.urgent)) return { queue: queues.documentsCritical, priority: 10 };
  if (Boolean(data.user_facing)) return { queue: queues.documentsHighPriority, priority: 7 };
  return { queue: queues.documentsLowPriority, priority: 3 };
}
