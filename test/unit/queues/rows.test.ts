/** QUEUE-1…28: each queue of the sources, how it is served, and what belongs there. */
import { describe, expect, it } from 'vitest';
import { findTask, isQueue } from '../../../contracts/register.schema.ts';
import { queueRow, queueTable } from '../../../contracts/queues/table.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { routeByName, routeTask, type Route } from '../../../contracts/queues/routing.ts';

/** A name by which a source calls work, what its router is told, and the priority that it gets. */
type Work = readonly [name: string, told: Readonly<Record<string, unknown>>, priority: number];

const celery = 'celery_app.tasks';
const mingus = 'backend.tasks.mingus_celery_tasks';
const urgent = { data: { urgent: true } };
const user = { data: { user_facing: true } };

const ROWS: readonly (readonly [row: string, source: string, ours: string, priority: number, work: readonly Work[]])[] =
  [
    [
      'QUEUE-1',
      'ocr-backend.critical',
      'documents.critical',
      10,
      [
        [`${celery}.priority_tasks.critical_payment_processing`, {}, 10],
        [`${celery}.priority_tasks.adaptive_priority_task`, urgent, 10],
      ],
    ],
    [
      'QUEUE-2',
      'ocr-backend.high_priority',
      'documents.high_priority',
      10,
      [
        [`${celery}.ocr_tasks.process_document_ocr`, { urgent: true }, 9],
        [`${celery}.email_tasks.send_email`, { transactional: true }, 8],
        [`${celery}.priority_tasks.user_notification`, {}, 8],
        [`${celery}.priority_tasks.adaptive_priority_task`, user, 7],
      ],
    ],
    [
      'QUEUE-3',
      'ocr-backend.email',
      'documents.email',
      8,
      [
        [`${celery}.email_tasks.send_email`, {}, 6],
        [`${celery}.email_tasks.send_bulk_emails`, {}, 6],
        ['email.sendDigests', {}, 6],
      ],
    ],
    [
      'QUEUE-4',
      'ocr-backend.ocr',
      'documents.ocr',
      7,
      [
        [`${celery}.ocr_tasks.process_document_ocr`, {}, 7],
        [`${celery}.ocr_tasks.batch_process_documents`, {}, 7],
        ['documents.readDocument', {}, 7],
      ],
    ],
    [
      'QUEUE-5',
      'ocr-backend.default',
      'documents.default',
      5,
      [
        ['anything.else', {}, 5],
        [`${celery}.monitoring_tasks.health_check`, {}, 5],
        [`${celery}.monitoring_tasks.check_disk_space`, {}, 5],
        [`${celery}.monitoring_tasks.monitor_queue_lengths`, {}, 5],
        [`${celery}.scheduled_tasks.sunrise_task`, {}, 5],
      ],
    ],
    [
      'QUEUE-6',
      'ocr-backend.low_priority',
      'documents.low_priority',
      1,
      [
        [`${celery}.report_tasks.generate_daily_report`, {}, 2],
        [`${celery}.cleanup_tasks.vacuum_database`, {}, 1],
        [`${celery}.backup_tasks.backup_database`, {}, 1],
        [`${celery}.priority_tasks.analytics_processing`, {}, 1],
        ['imports.listSyncSources', {}, 1],
      ],
    ],
    ['QUEUE-7', 'ocr-backend.api_calls', 'documents.api_calls', 5, []],
    [
      'QUEUE-8',
      'mingus.sms_critical',
      'messaging.sms_critical',
      10,
      [[`${mingus}.send_critical_financial_alert`, {}, 10]],
    ],
    ['QUEUE-9', 'mingus.sms_daily', 'messaging.sms_daily', 8, [[`${mingus}.send_weekly_checkin`, {}, 8]]],
    ['QUEUE-10', 'mingus.email_reports', 'messaging.email_reports', 6, [[`${mingus}.send_monthly_report`, {}, 6]]],
    [
      'QUEUE-11',
      'mingus.email_education',
      'messaging.email_education',
      4,
      [[`${mingus}.send_educational_content`, {}, 4]],
    ],
    [
      'QUEUE-12',
      'mingus.analytics',
      'messaging.analytics',
      3,
      [
        [`${mingus}.analyze_user_engagement`, {}, 3],
        [`${mingus}.monitor_queue_depth`, {}, 3],
        [`${mingus}.track_delivery_rates`, {}, 3],
      ],
    ],
    ['QUEUE-13', 'mingus.optimization', 'messaging.optimization', 2, []],
    ['QUEUE-14', 'mingus.monitoring', 'messaging.monitoring', 1, []],
    ['QUEUE-15', 'au-vlp.default', 'admin.default', 5, [['au_vlp.system.debug', {}, 5]]],
    ['QUEUE-16', 'au-vlp.email', 'admin.email', 5, [['au_vlp.email.send_bulk', {}, 5]]],
    ['QUEUE-17', 'au-vlp.media', 'admin.media', 5, [['au_vlp.media.process_image', {}, 5]]],
    ['QUEUE-18', 'au-vlp.reports', 'admin.reports', 5, [['au_vlp.reports.export', {}, 5]]],
    ['QUEUE-19', 'au-vlp.maintenance', 'admin.maintenance', 5, [['au_vlp.maintenance.health_check', {}, 5]]],
    ['QUEUE-20', 'datacleanup.default', 'data.default', 3, [['app.tasks.misc.anything', {}, 3]]],
    ['QUEUE-21', 'datacleanup.ai', 'ai.ai', 6, [['app.tasks.ai_tasks.generate_embeddings', {}, 6]]],
    [
      'QUEUE-22',
      'datacleanup.data',
      'data.data',
      5,
      [
        ['app.tasks.data_tasks.process_file_upload', {}, 5],
        ['app.tasks.data_tasks.export_data', {}, 5],
        ['app.tasks.data_tasks.cleanup_temp_files', {}, 5],
      ],
    ],
    [
      'QUEUE-23',
      'datacleanup.billing',
      'billing.billing',
      10,
      [
        ['app.tasks.billing_tasks.process_pending_webhooks', {}, 10],
        ['app.tasks.billing_tasks.process_refund', {}, 10],
      ],
    ],
    ['QUEUE-24', 'afirgen.default', 'cases.default', 5, [['afirgen_tasks.anything', {}, 5]]],
    ['QUEUE-25', 'afirgen.email', 'cases.email', 3, [['afirgen_tasks.email.send_confirmation', {}, 3]]],
    ['QUEUE-26', 'afirgen.reports', 'cases.reports', 5, [['afirgen_tasks.reports.generate_pdf', {}, 5]]],
    ['QUEUE-27', 'afirgen.analytics', 'cases.analytics', 2, [['afirgen_tasks.analytics.update_dashboard', {}, 2]]],
    ['QUEUE-28', 'afirgen.cleanup', 'cases.cleanup', 1, [['afirgen_tasks.cleanup.archive_old_records', {}, 1]]],
  ];

/** Where a call goes: a task of ours as its row says, any other by the router of its source. */
function goesTo(name: string, told: Readonly<Record<string, unknown>>): Route {
  const task = findTask(name);
  return task === undefined ? routeByName(name, told) : routeTask(task, told, told);
}

describe('the queues of the sources', () => {
  it.each(ROWS)('%s %s is %s with priority %d and takes what belongs there', (row, source, ours, priority, work) => {
    const found = queueTable.find((one) => one.source?.row === row);
    expect(found).toMatchObject({ queue: ours, priority, source: { name: source } });
    expect(isQueue(ours)).toBe(true);
    for (const [name, told, expected] of work)
      expect([name, goesTo(name, told)]).toEqual([name, { queue: ours, priority: expected }]);
  });

  it('QUEUE-7 calls of other services: a worker makes 100 at once', () => {
    expect(queueRow(queues.documentsApiCalls).slots).toBe(100);
  });

  it('QUEUE-8 QUEUE-9 QUEUE-10 QUEUE-11 QUEUE-12 QUEUE-13 QUEUE-14 keep the order of MINGUS, where 1 goes first', () => {
    const order = queueTable.filter(({ source }) => source?.name.startsWith('mingus.'));
    expect(order.map(({ priority }) => 11 - priority)).toEqual([1, 3, 5, 7, 8, 9, 10]);
  });

  it('QUEUE-23 billing is served first of its application, then ai, data and the rest', () => {
    const application = [queues.billingBilling, queues.aiAi, queues.dataData, queues.dataDefault];
    const priorities = application.map((queue) => queueRow(queue).priority);
    expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => b - a));
  });
});
