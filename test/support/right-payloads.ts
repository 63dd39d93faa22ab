/** For every workflow a right input, and a right payload for each of its messages. */
import { breakerSignals } from '../../contracts/breakers/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { canvasSteps } from '../../contracts/canvas/steps.ts';

interface RightPayloads {
  readonly input: readonly unknown[];
  /** An input with which the run stays open. @defaultValue the input */
  readonly open?: readonly unknown[];
  /** The workflow that starts it as a child, because nobody else may; it gets the open input. */
  readonly child?: string;
  readonly messages?: Readonly<Record<string, readonly unknown[]>>;
}

const document = '7f9c1a1e-1f1e-4f0e-9d55-0f2a3b4c5d6e';
const days = ['2026-01-01', '2026-01-31'] as const;
const calendar: RightPayloads = { input: [{ date: '2026-01-01', timeZone: 'UTC', email: 'a@example.com' }] };
const approval = { task: canvasSteps.approval, kwargs: { message: 'Go on?' }, args: [], options: {}, immutable: true };
const approvals = { task: 'celery.chain', subtask_type: 'chain', kwargs: { tasks: [approval, approval] }, args: [] };
const group = {
  task: 'celery.group',
  subtask_type: 'group',
  kwargs: { tasks: Array.from({ length: 8 }, () => approvals) },
  args: [],
};
/** Fails at once, and waits for a person. */
const failing = { task: 'samples.addOne', kwargs: { data: 1 }, args: [], options: {}, immutable: true };
/** As `group`, with the failing call in its first member. */
const parked = {
  ...group,
  kwargs: { tasks: [{ ...group, kwargs: { tasks: [approvals, failing] } }, ...group.kwargs.tasks.slice(1)] },
};
const decideParked = (path: string): unknown[] => [
  { path, action: 'retry', by: 'ann', reason: 'mended', input: { data: 2 } },
];

const canvasMessages = {
  progress: [],
  tree: [{ path: 'root', depth: 1, after: 0, limit: 10 }],
  nodes: [{ paths: ['root'], depth: 1, limit: 10 }],
  failedMembers: [0],
  member: ['canvas:nobody/1'],
  outcomes: [0],
  approvals: [],
  decisions: [],
  partEnded: [
    {
      part: 'nobody',
      reply: {
        values: [1],
        shown: {},
        failed: [
          { at: 0, failure: { type: 'Unexpected', message: 'x' }, taskId: null, rootId: 'a', failedAs: 1, failedAt: 1 },
        ],
        cancelled: [0],
        last: { taskId: 'a', rootId: 'a' },
        added: [],
        undo: [],
      },
    },
  ],
  parked: [],
  decideParked: decideParked('root/0/1'),
  decide: [{ path: 'root/0/0/0', decision: 'approve', by: 'ann', note: 'fine' }],
  revoke: ['root/1'],
};

/** What any run is told. */
const OF_EVERY_RUN = { [breakerSignals.set]: ['a-provider'] };

const RIGHT: Readonly<Record<string, RightPayloads>> = {
  batchOcr: {
    input: [{ documentIds: [document], backend: 'tesseract', language: 'eng', window: 2, preprocess: true }],
    messages: { progress: [], pause: [], resume: [] },
  },
  redriveLetters: {
    input: [{ filter: { task: 'email.send' }, by: 'ada', reason: 'it is back', perSecond: 5, limit: 10, whole: true }],
    messages: { pause: ['ada'], resume: ['ada'], abort: ['ada'] },
  },
  processDocumentOcr: { input: [document, 'tesseract', { language: 'eng', forceOcr: true }] },
  extractInvoiceData: { input: [document] },
  sendBulkEmails: {
    input: [{ subject: 'Hello', body: 'Hello', recipients: ['a@example.com'], html: false, attachments: [] }],
    messages: { progress: [] },
  },
  onboardUser: {
    input: [{ userId: 'u1', email: 'a@example.com', name: 'Ann', timeZone: 'UTC', verificationToken: 'token' }],
  },
  sendWeeklyDigest: { input: [{}] },
  sendInactiveReminders: { input: [{}] },
  sendMonthlyReports: { input: [{}] },
  sendWeeklyCheckins: { input: [{}] },
  healthCheck: { input: [] },
  ping: { input: [] },
  dataImport: {
    input: [
      { source: { url: 'https://example.com/a.csv' }, schema: 'records', window: 2, startOcr: true, dryRun: true },
    ],
    messages: { importProgress: [] },
  },
  syncExternalData: { input: [] },
  reportPipeline: { input: [...days, { userId: 'u1', timeZone: 'UTC', email: 'a@example.com' }] },
  generateUserReport: { input: ['u1', ...days] },
  userDailyReport: { input: ['u1'] },
  generateDailyReport: calendar,
  generateWeeklyReport: calendar,
  createMonthlyReport: calendar,
  aggregateStatistics: { input: ['daily', { date: '2026-01-01', timeZone: 'UTC' }] },
  exportData: {
    input: [
      { startDate: days[0], endDate: days[1], format: 'csv', email: 'a@example.com', userId: null, timeZone: 'UTC' },
    ],
  },
  runAtSolarEvent: {
    input: [
      {
        scheduleId: 'dawn',
        solar: { event: 'sunrise', latitude: 51.5, longitude: 0 },
        target: { task: 'samples.add', input: { x: 1, y: 2 } },
        catchupMs: 60_000,
      },
    ],
  },
  runTask: {
    input: [
      'samples.add',
      { x: 1, y: 2 },
      { queue: queues.documentsDefault, hardMs: 5000, softMs: 4000, ignoreResult: true, parkMs: 1000 },
    ],
    open: ['samples.addOne', { data: 1 }, { parkMs: 60_000 }],
    messages: { limitGranted: ['somebody'], parked: [], decideParked: decideParked('root') },
  },
  runStreamedCalls: {
    input: [{ task: 'samples.add', calls: [{ input: { x: 1, y: 2 }, facts: { hardMs: 5000, headers: { a: 1 } } }] }],
    open: [{ task: 'samples.add', calls: [{ input: { x: 1, y: 2 } }, { input: { x: 1, y: 2 } }] }],
    messages: { standing: [0], ended: [], revokeCall: [1, true] },
  },
  runCanvas: {
    input: [
      {
        canvas: { task: 'samples.add', args: [1, 2], kwargs: {}, options: {}, immutable: false, subtask_type: null },
        args: [],
        kwargs: {},
        options: { countdown: 0 },
        tenant: 'acme',
        priorityScale: 'perennial',
        packed: {},
        weight: 100,
        retryOf: 'canvas:x',
        known: [{ path: 'root', value: 1 }],
        revoked: [],
        parkMs: 60_000,
      },
    ],
    open: [{ canvas: parked, parkMs: 60_000 }],
    messages: canvasMessages,
  },
  runCanvasPart: {
    input: [
      {
        part: { nodes: [], given: { args: [], kwargs: {} }, scope: {}, failFast: false, enough: 1 },
        tenant: 'acme',
        weight: 100,
      },
    ],
    open: [{ canvas: parked, weight: 3, parkMs: 60_000 }],
    child: 'runCanvas',
    messages: { ...canvasMessages, revoke: ['root/0/0'] },
  },
};

/** Names of the workflows that stand here. */
export const WORKFLOWS_WITH_PAYLOADS: readonly string[] = Object.keys(RIGHT);

/** What a workflow accepts. */
export function rightPayloads(name: string): RightPayloads {
  const payloads = RIGHT[name];
  if (payloads === undefined) throw new TypeError(`expected a right payload of ${name} in this file, found none`);
  return { ...payloads, messages: { ...OF_EVERY_RUN, ...payloads.messages } };
}
