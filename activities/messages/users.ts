import { PerennialError } from '../../contracts/failures.ts';
import type {
  ContactInput,
  ContactOutput,
  EducationInput,
  PaymentReminderInput,
  SmartMessageInput,
  UserMessageInput,
  UserMessageOutput,
} from '../../contracts/messages/schema.ts';
import type { MessageType } from '../../contracts/messages/vocabulary.ts';
import type { UserMessage } from '../../services/messages/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MessagePorts } from './ports.ts';

/** What mail says of a message, where the caller says nothing. */
const SUBJECTS: Readonly<Record<MessageType, string>> = {
  direct: 'A message for you',
  financial_alert: 'Alert about your account',
  payment_reminder: 'Reminder of a payment',
  weekly_checkin: 'How are you doing?',
  monthly_report: 'Your monthly report',
  education: 'Something to learn',
};

/** Tells a user something, once for each key. */
export function sendSmart(
  ports: MessagePorts,
  { userId, triggerType: messageType, data, messageKey }: SmartMessageInput,
  context: TaskContext,
): Promise<UserMessageOutput> {
  const { message: body, subject } = data;
  return sendToUser(ports, { userId, messageType, body, subject, messageKey }, context);
}

/** Alerts a user. */
export function sendFinancialAlert(
  ports: MessagePorts,
  { message, ...rest }: UserMessageInput,
  context: TaskContext,
): Promise<UserMessageOutput> {
  return sendSmart(ports, { ...rest, triggerType: 'financial_alert', data: { message } }, context);
}

/** Reminds a user of a payment. */
export function sendPaymentReminder(
  ports: MessagePorts,
  { amount, dueOn, reference, ...rest }: PaymentReminderInput,
  context: TaskContext,
): Promise<UserMessageOutput> {
  const message = `Reminder: ${amount} for ${reference} is due on ${dueOn}.`;
  return sendSmart(ports, { ...rest, triggerType: 'payment_reminder', data: { message } }, context);
}

/** Sends a user something to learn from, by mail alone. */
export function sendEducation(
  ports: MessagePorts,
  { userId, subject, message: body, messageKey }: EducationInput,
  context: TaskContext,
): Promise<UserMessageOutput> {
  return sendToUser(ports, { userId, messageType: 'education', body, subject, messageKey, only: 'email' }, context);
}

/** A message that may lack a key and a subject. */
type Given = Omit<UserMessage, 'key' | 'subject'> & {
  readonly messageKey: string | undefined;
  readonly subject?: string | undefined;
};

/** Sends a message to a user on the channel that the user wants. */
export async function sendToUser(
  { orchestrator }: MessagePorts,
  { messageKey, subject, ...message }: Given,
  context: TaskContext,
): Promise<UserMessageOutput> {
  if (orchestrator === undefined) throw noOrchestrator();
  // Two calls may mean to say the same twice; two attempts at one call may not.
  const key = messageKey ?? `${message.messageType}:${context.idempotencyKey}`;
  return orchestrator.send({ ...message, key, subject: subject ?? SUBJECTS[message.messageType] }, context.signal);
}

/** Notes how a user wants to be written to. */
export async function setContact(
  { contacts, parseNumber }: MessagePorts,
  { userId, phone, quietFrom, quietUntil, ...rest }: ContactInput,
): Promise<ContactOutput> {
  const number = typeof phone === 'string' ? await parseNumber(phone, 'phone') : phone;
  const isKnown = await contacts.change(userId, {
    ...rest,
    ...(number === undefined ? {} : { phone: number }),
    quietFrom: minuteOf(quietFrom),
    quietUntil: minuteOf(quietUntil),
  });
  if (!isKnown) throw userMissing();
  return { status: 'saved', user_id: userId };
}

/** The failure of a user that nobody has heard of. */
export function userMissing(): PerennialError {
  return new PerennialError('UserMissing', 'userId: expected the id of a user, got one that nobody has');
}

/** Reads `21:30`, which the schema has checked. */
function minuteOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** The answer of tasks whose worker has nothing to send with. */
function noOrchestrator(): PerennialError {
  return new PerennialError(
    'MessagingNotConfigured',
    'Communication orchestrator service not available: expected TWILIO_ACCOUNT_SID or SMTP_URL to name a provider, got neither',
  );
}
