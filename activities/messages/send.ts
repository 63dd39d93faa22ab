import type { SendMessageInput, SendMessageOutput } from '../../contracts/messages/schema.ts';
import type { OutgoingText } from '../../services/messages/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MessagePorts } from './ports.ts';

/** Sends one message. A second run with the same key sends nothing and returns the same result. */
export async function sendMessage(
  ports: MessagePorts,
  { messageKey, to, body }: SendMessageInput,
  context: TaskContext,
): Promise<SendMessageOutput> {
  const number = await ports.parseNumber(to);
  return sendOne(ports, { key: messageKey, to: number, body, messageType: 'direct' }, context);
}

/** Sends one message, or throws what keeps it. */
async function sendOne(
  { texter }: MessagePorts,
  message: OutgoingText,
  { signal }: TaskContext,
): Promise<SendMessageOutput> {
  const [outcome] = await texter.deliver([message], { signal, retryFailed: true });
  if (outcome === undefined) throw new TypeError('expected one outcome for a message, got none');
  if (outcome.status !== 'sent') throw outcome.failure;
  const { sid, encoding, segments, cost } = outcome;
  return { status: 'sent', sid, encoding, segments, cost };
}
