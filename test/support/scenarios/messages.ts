import { REDRIVE_MEMO } from '../../../contracts/dlq/steps.ts';
import { messageWorkflows } from '../../../contracts/messages/vocabulary.ts';
import { scriptMessages, type ScriptedMessages } from '../scripted/messages.ts';
import type { Scenario } from './scenario.ts';

/** A day in the middle of a month and of a week, at which a run begins. */
const memo = {
  [REDRIVE_MEMO]: { of: 'the-run-before', keeps: false, firstRunId: 'the-first-run', dueAt: '2026-03-11T08:00:00Z' },
};

export const messageScenarios = {
  'send-monthly-reports.success': {
    workflow: messageWorkflows.sendMonthlyReports,
    world: () => scriptMessages({ users: 5, failed: ['004'] }),
    args: [{}],
    memo,
  },
  'send-monthly-reports.given-up': {
    workflow: messageWorkflows.sendMonthlyReports,
    world: () => scriptMessages({ users: 3, deferred: { ids: ['002'], rounds: 9 } }),
    args: [{}],
    memo,
  },
  'send-monthly-reports.failed': {
    workflow: messageWorkflows.sendMonthlyReports,
    world: () => scriptMessages({ users: 3, fails: 'MessagingNotConfigured' }),
    args: [{}],
    memo,
  },
  'send-weekly-checkins.deferred': {
    workflow: messageWorkflows.sendWeeklyCheckins,
    world: () => scriptMessages({ users: 6, deferred: { ids: ['002', '005'], rounds: 1 } }),
    args: [{}],
    memo,
  },
  'send-weekly-checkins.continued-as-new': {
    workflow: messageWorkflows.sendWeeklyCheckins,
    world: () => scriptMessages({ users: 230, deferred: { ids: ['100', '101', '230'], rounds: 1 } }),
    args: [{}],
    memo,
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedMessages>>>;
