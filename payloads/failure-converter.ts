/** Failures on their way to the server: a message that nobody may read there is sealed, and stands without it. */
import { DefaultFailureConverter, type PayloadConverter, type ProtoFailure } from '@temporalio/common';
import { holdsPrivate, withoutPrivate } from '../contracts/values/private-text.ts';

/**
 * As the SDK's own, which leaves messages in plain text or hides all of them. Only words that may not be read are
 * hidden here; the whole message is sent in a payload, which the codecs seal, and is put back on the way from the
 * server. The bundle of the workflows holds this module.
 */
class SealedFailureConverter extends DefaultFailureConverter {
  override errorToFailure(error: unknown, converter: PayloadConverter): ProtoFailure {
    const failure = super.errorToFailure(error, converter);
    const { message = '', stackTrace = '' } = failure;
    const [told, stack] = [message ?? '', stackTrace ?? ''];
    if (!holdsPrivate(told) && !holdsPrivate(stack)) return failure;
    return {
      ...failure,
      message: withoutPrivate(told),
      stackTrace: withoutPrivate(stack),
      encodedAttributes: converter.toPayload({ message: told, stack_trace: stack }),
    };
  }
}

/** The name that the SDK looks for. */
export const failureConverter = new SealedFailureConverter();
