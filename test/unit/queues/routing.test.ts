import { describe, expect, it } from 'vitest';
import { routeAdaptive } from '../../../contracts/queues/adaptive.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { chooseRegion, isRegion, regionalQueue, regionOf, REGIONS } from '../../../contracts/queues/regions.ts';
import { routeByName, routeTask, routingKeys, type RoutingOptions } from '../../../contracts/queues/routing.ts';

type Row = readonly [requirement: string, name: string, options: RoutingOptions, queue: string, priority: number];

const tasks = 'celery_app.tasks';
const mingus = 'backend.tasks.mingus_celery_tasks';

const ROUTES: readonly Row[] = [
  // modules
  ['ROUTE-1', `${tasks}.ocr_tasks.process_document_ocr`, {}, 'documents.ocr', 7],
  ['ROUTE-1', `${tasks}.email_tasks.send_email`, {}, 'documents.email', 6],
  ['ROUTE-1', `${tasks}.report_tasks.generate_user_report`, {}, 'documents.low_priority', 2],
  ['ROUTE-1', `${tasks}.cleanup_tasks.cleanup_temp_files`, {}, 'documents.low_priority', 1],
  ['ROUTE-1', `${tasks}.other_tasks.something`, {}, 'documents.default', 5],
  // content
  ['ROUTE-2', 'my.OCR.thing', {}, 'documents.ocr', 7],
  ['ROUTE-2', 'my.OCR.thing', { urgent: true }, 'documents.high_priority', 9],
  ['ROUTE-2', 'Send_EMAIL', {}, 'documents.email', 6],
  ['ROUTE-2', 'send_email', { transactional: true }, 'documents.high_priority', 8],
  ['ROUTE-2', 'weekly_report', {}, 'documents.low_priority', 2],
  ['ROUTE-2', 'cleanup', {}, 'documents.low_priority', 1],
  ['ROUTE-2', 'anything', {}, 'documents.default', 5],
  // In this order: the first word decides.
  ['ROUTE-2', 'email_the_ocr_report', {}, 'documents.ocr', 7],
  ['ROUTE-2', 'email_report', {}, 'documents.email', 6],
  ['ROUTE-2', '', {}, 'documents.default', 5],
  // the exact name before the words
  ['P3-38', `${tasks}.cleanup_tasks.cleanup_old_ocr_results`, {}, 'documents.low_priority', 1],
  ['P3-38', `${tasks}.email_tasks.send_password_reset_email`, {}, 'documents.high_priority', 8],
  ['P3-38', `${tasks}.email_tasks.send_verification_email`, {}, 'documents.high_priority', 8],
  ['P3-38', 'constructor', {}, 'documents.default', 5],
  // MINGUS
  ['ROUTE-3', `${mingus}.send_critical_financial_alert`, {}, 'messaging.sms_critical', 10],
  ['ROUTE-3', `${mingus}.send_payment_reminder`, {}, 'messaging.payment_reminders', 8],
  ['ROUTE-3', `${mingus}.send_monthly_report`, {}, 'messaging.email_reports', 6],
  ['ROUTE-3', `${mingus}.send_educational_content`, {}, 'messaging.email_education', 4],
  ['ROUTE-3', `${mingus}.analyze_user_engagement`, {}, 'messaging.analytics', 3],
  // AFIRGen
  ['ROUTE-4', 'afirgen_tasks.email.send_confirmation', {}, 'cases.email', 3],
  ['ROUTE-4', 'afirgen_tasks.reports.generate_pdf', {}, 'cases.reports', 5],
  ['ROUTE-4', 'afirgen_tasks.analytics.update_dashboard', {}, 'cases.analytics', 2],
  ['ROUTE-4', 'afirgen_tasks.cleanup.archive_old_records', {}, 'cases.cleanup', 1],
  ['ROUTE-4', 'afirgen_tasks.misc.x', {}, 'cases.default', 5],
  // DataCleanup
  ['ROUTE-5', 'app.tasks.ai_tasks.embed', {}, 'ai.ai', 6],
  ['ROUTE-5', 'app.tasks.data_tasks.cleanup_temp_files', {}, 'data.data', 5],
  ['ROUTE-5', 'app.tasks.billing_tasks.process_pending_webhooks', {}, 'billing.billing', 10],
  ['ROUTE-5', 'app.tasks.misc.x', {}, 'data.default', 3],
];

describe('where a name goes', () => {
  it.each(ROUTES)('%s: %s with %j goes to %s with %d', (_, name, options, queue, priority) => {
    expect(routeByName(name, options)).toEqual({ queue, priority });
  });
});

describe('further routes', () => {
  it('ROUTE-3 keeps the routing keys of the source', () => {
    expect(routingKeys).toMatchObject({
      [queues.messagingSmsCritical]: 'sms.critical',
      [queues.messagingSmsDaily]: 'sms.daily',
      [queues.messagingEmailReports]: 'email.reports',
      [queues.messagingEmailEducation]: 'email.education',
      [queues.messagingAnalytics]: 'analytics.analysis',
    });
  });

  it('ROUTE-6 has a queue for each of the five purposes of AU-VLP', () => {
    const purposes = ['system', 'email', 'media', 'reports', 'maintenance'];
    expect(purposes.map((purpose) => routeByName(`au_vlp.${purpose}.x`).queue)).toEqual([
      'admin.default',
      'admin.email',
      'admin.media',
      'admin.reports',
      'admin.maintenance',
    ]);
  });

  it('P3-02 a task of the catalogue goes to its own queue; its own priority wins over the router and the queue', () => {
    expect(routeTask({ queue: queues.documentsEmail }, {})).toEqual({ queue: queues.documentsEmail, priority: 6 });
    expect(routeTask({ queue: queues.documentsEmail, priority: 9 }, {})).toMatchObject({ priority: 9 });
    expect(routeTask({ queue: queues.casesEmail }, {})).toEqual({ queue: queues.casesEmail, priority: 3 });
    expect(routeTask({ queue: queues.documentsOcr }, {}, { urgent: true })).toEqual({
      queue: queues.documentsHighPriority,
      priority: 9,
    });
  });

  it('PRIO-9 an adaptive task goes where its data say', () => {
    expect(routeAdaptive({ urgent: true, user_facing: true })).toEqual({
      queue: queues.documentsCritical,
      priority: 10,
    });
    expect(routeAdaptive({ user_facing: 1 })).toEqual({ queue: queues.documentsHighPriority, priority: 7 });
    expect(routeAdaptive({})).toEqual({ queue: queues.documentsLowPriority, priority: 3 });
  });
});

describe('GEO-1 regions', () => {
  it('GEO-1 has the four of the source, each with a queue of its own, and back', () => {
    expect(REGIONS).toEqual(['us-east', 'us-west', 'eu-west', 'asia']);
    for (const region of REGIONS) expect(regionOf(regionalQueue(region))).toBe(region);
    expect(regionOf('documents.default')).toBeUndefined();
    expect(isRegion('eu-west')).toBe(true);
    expect(isRegion('EU-WEST')).toBe(false);
  });

  it('GEO-2 falls back to us-east from an unknown one and says so', () => {
    expect(chooseRegion('asia')).toEqual({ region: 'asia', fallback: false });
    expect(chooseRegion('mars')).toEqual({ region: 'us-east', fallback: true });
  });

  it('P3-21 never falls back with data that must stay', () => {
    expect(chooseRegion('eu-west', 'eu-west')).toEqual({ region: 'eu-west', fallback: false });
    expect(() => chooseRegion('mars', 'eu-west')).toThrow(/expected eu-west/);
    expect(() => chooseRegion('us-east', 'eu-west')).toThrow(/expected eu-west/);
  });
});
