/**
 * Queue and priority of a task by its name: the routers of the five Celery applications as tables and pure functions. The
 * exact name is tried first, then the module, then words in the name.
 *
 * Routing options are never arguments of the task, and a task is routed once, when it is called.
 */
import { PRIORITY_LOW, PRIORITY_NORMAL } from './priorities.ts';
import { type QueueName, queues } from './names.ts';
import { queueRow } from './table.ts';

/** Options of a caller that affect the route. */
export interface RoutingOptions {
  /** Whether a user waits for the result; reading then goes to the high-priority queue. */
  readonly urgent?: boolean | undefined;
  /** Whether the recipient has just asked for the email, for example to reset a password. */
  readonly transactional?: boolean | undefined;
}

/** Queue and priority of a task. */
export interface Route {
  readonly queue: string;
  /** 1 to 10, 10 first. */
  readonly priority: number;
}

const LOW: Route = { queue: queues.documentsLowPriority, priority: PRIORITY_LOW };
const TRANSACTIONAL: Route = { queue: queues.documentsHighPriority, priority: 8 };

/** Makes a route with the default priority of the queue. */
function to(queue: QueueName): Route {
  return { queue, priority: queueRow(queue).priority };
}

/** Routes by exact name. */
const exactRoutes: Readonly<Record<string, Route>> = {
  // These two are transactional even if the caller does not say so.
  'celery_app.tasks.email_tasks.send_verification_email': TRANSACTIONAL,
  'celery_app.tasks.email_tasks.send_password_reset_email': TRANSACTIONAL,
  // The tasks themselves define these routes.
  'celery_app.tasks.priority_tasks.critical_payment_processing': { queue: queues.documentsCritical, priority: 10 },
  'celery_app.tasks.priority_tasks.user_notification': TRANSACTIONAL,
  'celery_app.tasks.priority_tasks.analytics_processing': LOW,
  // MINGUS counts priorities from 1 (first) to 10; these are converted.
  'backend.tasks.mingus_celery_tasks.send_critical_financial_alert': to(queues.messagingSmsCritical),
  'backend.tasks.mingus_celery_tasks.send_payment_reminder': to(queues.messagingPaymentReminders),
  'backend.tasks.mingus_celery_tasks.send_monthly_report': to(queues.messagingEmailReports),
  'backend.tasks.mingus_celery_tasks.send_educational_content': to(queues.messagingEmailEducation),
  'backend.tasks.mingus_celery_tasks.analyze_user_engagement': to(queues.messagingAnalytics),
  // These are missing in the router of the application; its schedule names their queues.
  'backend.tasks.mingus_celery_tasks.send_weekly_checkin': to(queues.messagingSmsDaily),
  'backend.tasks.mingus_celery_tasks.monitor_queue_depth': to(queues.messagingAnalytics),
  'backend.tasks.mingus_celery_tasks.track_delivery_rates': to(queues.messagingAnalytics),
};

/** Routing keys of MINGUS, shown in `docs/queues.md`. */
export const routingKeys: Readonly<Record<string, string>> = {
  [queues.messagingSmsCritical]: 'sms.critical',
  [queues.messagingSmsDaily]: 'sms.daily',
  [queues.messagingPaymentReminders]: 'sms.daily',
  [queues.messagingEmailReports]: 'email.reports',
  [queues.messagingEmailEducation]: 'email.education',
  [queues.messagingAnalytics]: 'analytics.analysis',
};

/** Routes by the five purposes of AU-VLP, which does not name its tasks; the names here are `au_vlp.` and the purpose. */
const adminRoutes: Readonly<Record<'system' | 'email' | 'media' | 'reports' | 'maintenance', Route>> = {
  system: to(queues.adminDefault),
  email: to(queues.adminEmail),
  media: to(queues.adminMedia),
  reports: to(queues.adminReports),
  maintenance: to(queues.adminMaintenance),
};

type ModuleRoute = readonly [prefix: string, route: Route | ((options: RoutingOptions) => Route)];

/** Routes by module; the first prefix that matches decides. */
const moduleRoutes: readonly ModuleRoute[] = [
  // The OCR application; its router's priorities override those of the queues.
  ['celery_app.tasks.ocr_tasks.', routeOcr],
  ['celery_app.tasks.email_tasks.', routeEmail],
  ['celery_app.tasks.report_tasks.', { ...LOW, priority: 2 }],
  ['celery_app.tasks.cleanup_tasks.', LOW],
  // AFIRGen.
  ['afirgen_tasks.email.', to(queues.casesEmail)],
  ['afirgen_tasks.reports.', to(queues.casesReports)],
  ['afirgen_tasks.analytics.', to(queues.casesAnalytics)],
  ['afirgen_tasks.cleanup.', to(queues.casesCleanup)],
  ['afirgen_tasks.', to(queues.casesDefault)],
  // DataCleanup.
  ['app.tasks.ai_tasks.', to(queues.aiAi)],
  ['app.tasks.data_tasks.', to(queues.dataData)],
  ['app.tasks.billing_tasks.', to(queues.billingBilling)],
  ['app.tasks.', to(queues.dataDefault)],
  // AU-VLP.
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

/** Routes by words in the name, tried in this order and ignoring case. */
function routeByContent(name: string, options: RoutingOptions): Route {
  const words = name.toLowerCase();
  if (words.includes('ocr')) return routeOcr(options);
  if (words.includes('email')) return routeEmail(options);
  if (words.includes('report')) return { ...LOW, priority: 2 };
  if (words.includes('cleanup')) return LOW;
  return { queue: queues.documentsDefault, priority: PRIORITY_NORMAL };
}

/** Routes a task by its name in a Celery application; an unknown name gets the default route. */
export function routeByName(name: string, options: RoutingOptions = {}): Route {
  const exact = Object.hasOwn(exactRoutes, name) ? exactRoutes[name] : undefined;
  if (exact !== undefined) return exact;
  const route = moduleRoutes.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (route === undefined) return routeByContent(name, options);
  return typeof route === 'function' ? route(options) : route;
}

/** Fields of a catalogue row that routing uses. */
export interface Routed {
  readonly queue: string;
  readonly priority?: number | undefined;
  readonly route?: ((input: unknown) => Route) | undefined;
}

/**
 * Routes a task of the catalogue: by its `route` function where it has one, else by its own queue and priority, which
 * the caller's options can override.
 */
export function routeTask(task: Routed, input: unknown, options: RoutingOptions = {}): Route {
  if (task.route !== undefined) return task.route(input);
  if (task.queue === queues.documentsOcr) return withPriority(routeOcr(options), options.urgent, task.priority);
  if (task.queue === queues.documentsEmail)
    return withPriority(routeEmail(options), options.transactional, task.priority);
  return { queue: task.queue, priority: task.priority ?? queueRow(task.queue).priority };
}

/** Keeps the task's own priority unless an option moved it to another queue. */
function withPriority(route: Route, moved: boolean | undefined, own: number | undefined): Route {
  return moved === true || own === undefined ? route : { ...route, priority: own };
}
