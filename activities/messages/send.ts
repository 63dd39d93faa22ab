import type { SendMessageInput, SendMessageOutput } from '../../contracts/messages/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MessagePorts } from './ports.ts';

/** Sends one message. A second run with the same key sends nothing and returns the same result. */
export async function sendMessage(
  { parseNumber, texter }: MessagePorts,
  { messageKey, to, body }: SendMessageInput,
  { signal }: TaskContext,
): Promise<SendMessageOutput> {
  const number = await parseNumber(to);
  const facts = await texter.send({ key: messageKey, to: number, body, messageType: 'direct' }, signal);
  return { status: 'sent', ...facts };
}
