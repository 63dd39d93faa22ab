/** What every failure and error becomes: the status of an HTTP answer, and the exit code of a command. */
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { Conflict, Ended, InvalidInput, NotFound, Stopped, Unavailable } from '../../../client/index.ts';
import {
  addFailures,
  failures,
  PerennialError,
  type FailureClass,
  type FailureType,
} from '../../../contracts/failures.ts';
import { exitCodes } from '../../../contracts/values/exit-codes.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

/** HTTP status; exit code when the work fails with it; exit code when a start is refused with it. */
type Outcome = readonly [status: number, failed: number, refused: number];

const OUTCOMES: Readonly<Record<FailureType, Outcome>> = {
  InvalidInput: [400, 1, 2],
  InvalidOutput: [500, 1, 2],
  FileMissing: [409, 1, 2],
  PathNotAllowed: [403, 1, 2],
  EmptyFile: [422, 1, 2],
  BackendUnavailable: [503, 69, 69],
  BackendTimeout: [503, 69, 69],
  BackendFailed: [503, 69, 69],
  BackendThrottled: [429, 1, 69],
  BackendAuthFailed: [503, 1, 69],
  BackendUntrusted: [503, 1, 69],
  BackendRejected: [422, 1, 2],
  DatabaseUnavailable: [503, 69, 69],
  DatabaseRefused: [503, 1, 69],
  DatabaseRejected: [500, 1, 2],
  StorageUnavailable: [503, 69, 69],
  StorageFull: [507, 69, 69],
  SystemBusy: [503, 69, 69],
  SystemRefused: [503, 1, 69],
  BlobCorrupt: [500, 1, 2],
  SealKeyMissing: [500, 1, 69],
  SealedValueUnreadable: [500, 1, 69],
  TimeLimit: [503, 69, 69],
  HardTimeLimit: [503, 69, 69],
  OutOfMemory: [422, 1, 69],
  WorkerLost: [422, 1, 69],
  TemporaryError: [503, 69, 69],
  RetryableError: [503, 69, 69],
  PermanentError: [422, 1, 2],
  Unexpected: [500, 1, 69],
  ProviderPaused: [503, 69, 69],
  UnknownBreaker: [404, 1, 2],
  DataFileMissing: [404, 1, 2],
  DataFileTaken: [409, 1, 2],
  DataFileUnread: [409, 1, 2],
  DataFileChanged: [409, 1, 2],
  ChordError: [422, 1, 2],
  JoinFailed: [422, 1, 2],
  TaskRevoked: [422, 1, 2],
  RunNotOver: [409, 1, 2],
  NothingFailed: [409, 1, 2],
  MemberOfCanvas: [409, 1, 2],
  AlreadyResolved: [409, 1, 2],
  RedriveUnderWay: [409, 1, 2],
  ApprovalRejected: [422, 1, 2],
  ApprovalTimedOut: [422, 1, 2],
  EmptyBatch: [400, 1, 2],
  DuplicateDocument: [409, 1, 2],
  DocumentNotFound: [404, 1, 2],
  DocumentNotRead: [409, 1, 2],
  UnsupportedMedia: [415, 1, 2],
  DecoderMissing: [503, 1, 69],
  CorruptDocument: [422, 1, 2],
  EncryptedDocument: [422, 1, 2],
  DocumentTooLarge: [413, 1, 2],
  PageTimeLimit: [422, 1, 69],
  PageMemoryLimit: [422, 1, 69],
  ReaderCrashed: [503, 69, 69],
  LanguageDataMissing: [503, 1, 69],
  BackendNotConfigured: [503, 1, 69],
  InvalidRecipient: [422, 1, 2],
  DuplicateRecipient: [422, 1, 2],
  RecipientRejected: [422, 1, 2],
  MessageRejected: [422, 1, 2],
  EmailDeferred: [503, 69, 69],
  EmailGreylisted: [429, 1, 69],
  EmailServerUnavailable: [503, 69, 69],
  EmailAuthFailed: [503, 1, 69],
  EmailTlsFailed: [503, 1, 69],
  EmailNotConfigured: [503, 1, 69],
  InvalidPhoneNumber: [422, 1, 2],
  EmergencyNumber: [422, 1, 2],
  LandlineNumber: [422, 1, 2],
  MessageTooLong: [422, 1, 2],
  RecipientOptedOut: [422, 1, 2],
  UserMissing: [404, 1, 2],
  NoChannel: [422, 1, 2],
  QuietHours: [429, 1, 69],
  MessagingNotConfigured: [503, 1, 69],
  UnsafeHeader: [422, 1, 2],
  UnreadableHtml: [422, 1, 2],
  UnreadableInvoice: [422, 1, 2],
  AttachmentNotAllowed: [422, 1, 2],
  AttachmentMissing: [422, 1, 2],
  AttachmentTooLarge: [422, 1, 2],
  MessageKeyReused: [422, 1, 2],
  TempFolderUnsafe: [503, 1, 69],
  BackupUnreadable: [422, 1, 2],
  BackupFromNewerVersion: [422, 1, 2],
  RestoreTargetNotEmpty: [422, 1, 2],
  ImportSchemaUnknown: [400, 1, 2],
  ImportColumns: [422, 1, 2],
  ImportUnreadable: [422, 1, 2],
  ImportTooLarge: [413, 1, 2],
  ArchiveBomb: [422, 1, 69],
  ImportOvertaken: [503, 69, 69],
  ImportNotFound: [422, 1, 2],
  AddressNotAllowed: [422, 1, 2],
  DownloadRefused: [422, 1, 2],
  DownloadIncomplete: [503, 69, 69],
  ChecksumMismatch: [422, 1, 2],
  UserNotFound: [404, 1, 2],
  ReportNotFound: [404, 1, 2],
  ExportTooLarge: [413, 1, 2],
  RendererCrashed: [503, 69, 69],
  ScheduleConflict: [409, 73, 73],
  ScheduleForeign: [409, 1, 2],
  ScheduleFromCode: [409, 1, 2],
  UnknownTask: [404, 1, 2],
  UnknownQueue: [404, 1, 2],
  PayloadTooLarge: [413, 1, 2],
  ResidencyViolation: [400, 1, 2],
  AiNotConfigured: [503, 1, 69],
  AiPriceMissing: [503, 1, 69],
  AiBudgetUsedUp: [402, 1, 69],
  AiSchemaInvalid: [400, 1, 2],
  AiAnswerNotJson: [502, 1, 2],
  AiAnswerMismatch: [502, 1, 2],
  AiAnswerCut: [502, 1, 2],
  AiContentRefused: [422, 1, 2],
  AiAnswerTooLong: [502, 1, 2],
  BillingNotConfigured: [503, 1, 69],
  BillingCustomerMissing: [404, 1, 2],
  BillingObjectMissing: [404, 1, 2],
  ForeignBillingObject: [422, 1, 2],
  InvalidAmount: [422, 1, 2],
  WrongCurrency: [422, 1, 2],
  RefundAboveCharge: [422, 1, 2],
  InvoiceNotReady: [422, 1, 2],
  MediaNotFound: [404, 1, 2],
  MediaKeyReused: [409, 1, 2],
  UnsupportedPicture: [415, 1, 2],
  DamagedPicture: [422, 1, 2],
  PictureTooLarge: [413, 1, 2],
  AnimatedPicture: [422, 1, 2],
  PictureTimeLimit: [422, 1, 69],
  PictureMemoryLimit: [422, 1, 69],
  VideoToolMissing: [503, 1, 69],
  UnsupportedVideo: [415, 1, 2],
  DamagedVideo: [422, 1, 2],
  VideoTooLarge: [413, 1, 2],
  VideoLimit: [422, 1, 69],
  PictureProcessCrashed: [503, 69, 69],
  EffectKeyReused: [409, 1, 2],
  QueueDraining: [409, 1, 69],
  TaskExpired: [422, 1, 2],
};

const OF_CLASS: Readonly<Record<FailureClass, Outcome>> = {
  transient: [503, 69, 69],
  throttled: [429, 1, 69],
  permanent: [422, 1, 2],
  poison: [422, 1, 69],
  configuration: [503, 1, 69],
  unknown: [500, 1, 69],
};

const fault = { field: 'date', expected: 'a day', got: 'x' };
const ERRORS: readonly (readonly [string, Error, Outcome])[] = [
  ['InvalidInput', new InvalidInput([fault]), [400, 2, 2]],
  ['NotFound', new NotFound('x'), [404, 1, 1]],
  ['Conflict', new Conflict('x'), [409, 73, 73]],
  ['Stopped', new Stopped('x', 'terminated'), [409, 1, 1]],
  ['Ended', new Ended('x', 'completed'), [409, 1, 1]],
  ['Unavailable', new Unavailable('away'), [503, 69, 69]],
  ['an unforeseen error', new TypeError('secret of the house'), [500, 1, 1]],
];

/** Refuses the start of a report with an error, and lets one fail with it: over HTTP and on the command line. */
async function outcomesOf(error: Error): Promise<{ statuses: readonly number[]; exits: readonly number[] }> {
  const [api, cli] = [testApi(), testCli()];
  const post = () => request(api.app).post('/v1/reports').send({ kind: 'daily' });
  for (const { client } of [api, cli]) client.jobResult = () => Promise.reject(error);
  const failed = [(await post()).status, (await cli.run('report', 'daily', '--wait')).code] as const;
  api.client.failure = error;
  cli.client.failure = error;
  const refused = [(await post()).status, (await cli.run('report', 'daily')).code] as const;
  return { statuses: [failed[0], refused[0]], exits: [failed[1], refused[1]] };
}

const expected = ([status, failed, refused]: Outcome, waited = status) => ({
  statuses: [waited, status],
  exits: [failed, refused],
});

describe('statuses and exit codes', () => {
  it('are told here for every failure of the registry', () => {
    expect(Object.keys(OUTCOMES).sort()).toEqual(Object.keys(failures).sort());
  });

  it.each(Object.entries(OUTCOMES) as [FailureType, Outcome][])('of %s are %j', async (type, outcome) => {
    expect(await outcomesOf(new PerennialError(type, 'x'))).toEqual(expected(outcome));
  });

  it.each(Object.entries(OF_CLASS) as [FailureClass, Outcome][])(
    'of a failure of an application that is %s are %j',
    async (kind, outcome) => {
      const remove = addFailures({ OwnFailure: { class: kind, cause: 'It is so.', remedy: 'Wait.' } });
      try {
        expect(await outcomesOf(new PerennialError('OwnFailure' as FailureType, 'x'))).toEqual(expected(outcome));
      } finally {
        remove();
      }
    },
  );

  it.each(ERRORS)('of %s are as documented', async (name, error, outcome) => {
    // A report that is still at work when the wait is over is an answer, not an error.
    expect(await outcomesOf(error)).toEqual(expected(outcome, name === 'Unavailable' ? 202 : undefined));
  });
});

describe('documented exit codes', () => {
  it('are all in the help, and no other', async () => {
    const { stdout } = await testCli().run('--help');
    const [, list = ''] = stdout.split(/exit codes?:/i);
    const listed = [...list.matchAll(/^ {2}(\d+) {2,}\S/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });

  it.each([
    ['ok', ['report', 'list']],
    ['failed', ['status', 'nobody']],
    ['usage', ['report', 'daily', '--date']],
    ['usage', ['nothing']],
  ] as const)('%s: perennial %j', async (name, args) => {
    expect((await testCli().run(...args)).code).toBe(exitCodes[name]);
  });

  it('unavailable: nothing runs', async () => {
    const cli = testCli();
    cli.unreachable = new Unavailable('Perennial is not running');
    expect((await cli.run('report', 'list')).code).toBe(exitCodes.unavailable);
  });
});
