import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ServiceError,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { translateError } from '../../../client/connection/errors.ts';

const grpc = (code: number) =>
  new ServiceError('call failed', { cause: Object.assign(new Error('grpc'), { code, details: '', metadata: {} }) });
const failed = (cause: Error) => new WorkflowFailedError('failed', cause, 'NON_RETRYABLE_FAILURE');
const application = (type: string) => ApplicationFailure.create({ type, message: 'why', nonRetryable: true });
const inActivity = (cause: Error) =>
  new ActivityFailure('activity failed', 'documents.readDocument', '1', 'MAXIMUM_ATTEMPTS_REACHED', 'worker', cause);

describe('what the server says becomes', () => {
  test.each([
    ['an unknown id', new WorkflowNotFoundError('no', 'x', undefined), { name: 'NotFound', id: 'x' }],
    ['not found by gRPC', grpc(5), { name: 'NotFound' }],
    ['a deadline', grpc(4), { name: 'Unavailable', message: 'Temporal at host:1: no answer within the time limit.' }],
    ['no server', grpc(14), { name: 'Unavailable' }],
    ['no worker', grpc(9), { name: 'Unavailable', message: expect.stringContaining('no worker') as string }],
    ['a wrong key', grpc(16), { name: 'Unavailable', message: expect.stringContaining('API key') as string }],
    [
      'a failure of the registry',
      failed(application('EncryptedDocument')),
      { name: 'PerennialError', type: 'EncryptedDocument', message: 'why' },
    ],
    [
      'the cause of an activity',
      failed(inActivity(application('DocumentNotRead'))),
      { name: 'PerennialError', type: 'DocumentNotRead' },
    ],
    [
      'a failure of somebody else',
      failed(application('Surprise')),
      { name: 'PerennialError', type: 'Unexpected', message: 'why' },
    ],
    ['a cancel', failed(new CancelledFailure('cancelled')), { name: 'Stopped', how: 'cancelled' }],
    ['a terminate', failed(new TerminatedFailure('by hand')), { name: 'Stopped', how: 'terminated' }],
    [
      'a time-out',
      failed(new TimeoutFailure('late', undefined, 'START_TO_CLOSE')),
      { name: 'Stopped', how: 'timed-out' },
    ],
    ['something else', new RangeError('as it is'), { name: 'RangeError', message: 'as it is' }],
    ['no error at all', 'text', { name: 'Error', message: 'text' }],
  ])('%s', (_what, error, wanted) => {
    expect(translateError(error, 'x', 'host:1')).toMatchObject(wanted);
  });
});
