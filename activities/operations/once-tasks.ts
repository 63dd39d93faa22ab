/** Example tasks whose effects happen once, each with the key that says what "the same" is. */
import type {
  CommunicationInput,
  CommunicationOutput,
  CounterInput,
  CounterOutput,
  PaymentInput,
  ProcessPaymentOutput,
} from '../../contracts/operations/schema.ts';
import type { TaskBody } from '../shell/task-body.ts';
import type { OperationsPorts } from './ports.ts';

/** The payment itself is the key. The row stands where an application asks its provider, with the key for the provider. */
export function createProcessPayment({ effects }: OperationsPorts): TaskBody<PaymentInput, ProcessPaymentOutput> {
  return async ({ payment_id }, { once }) => {
    const { repeated } = await once(`payment/${payment_id}`, ({ idempotencyKey }) =>
      effects.once('processed payment', idempotencyKey),
    );
    return { status: repeated ? 'already_processed' : 'processed', payment_id };
  };
}

/**
 * User and text are no key: the same text may be meant for the same user again. The caller's key is, or template and period;
 * without them the call itself.
 */
export function createSendCommunication({
  effects,
}: OperationsPorts): TaskBody<CommunicationInput, CommunicationOutput> {
  return async ({ user_id, key, template, period }, { once, taskId, log }) => {
    const meant = key ?? (template === undefined || period === undefined ? taskId : `${template}/${period}`);
    const { repeated } = await once(`communication/${user_id}/${meant}`, async ({ idempotencyKey }) => {
      await effects.once('communication', idempotencyKey);
      log.info('communication sent');
    });
    return { status: repeated ? 'already_sent' : 'sent' };
  };
}

/**
 * Adding is not repeatable, so it goes through `once` with a key for what is counted; the key goes along to the table, for
 * the attempt that dies between the addition and the note of it.
 */
export function createIncrementCounter({
  counters,
}: Pick<OperationsPorts, 'counters'>): TaskBody<CounterInput, CounterOutput> {
  return async ({ counter, key }, { once, taskId }) => {
    const { value } = await once(`counter/${counter}/${key ?? taskId}`, ({ idempotencyKey }) =>
      counters.add(counter, idempotencyKey),
    );
    return { counter, value };
  };
}
