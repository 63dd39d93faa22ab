import { EMAIL_ROUNDS } from '../../contracts/email/vocabulary.ts';
import type {
  CreateUserProfileInput,
  CreateUserProfileOutput,
  DigestSliceInput,
  ReminderSliceInput,
  UserSliceOutput,
} from '../../contracts/email/schema.ts';
import type { OutgoingEmail, TemplatedEmail } from '../../services/email/port.ts';
import type { User, UserFilter } from '../../services/users/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { deliverChunk } from './chunk.ts';
import type { EmailPorts } from './ports.ts';
import { instantOf } from '../../contracts/values/instant.ts';
import { DAY_MS } from '../../contracts/values/units.ts';

const NOTHING_READ = { completed: 0, failed: 0, pages: 0 } as const;

/** Creates a profile. An existing one is left unchanged, because its owner may have edited it. */
export async function createUserProfile(
  { users }: EmailPorts,
  { userId, email, name, timeZone }: CreateUserProfileInput,
): Promise<CreateUserProfileOutput> {
  const known = await users.find(userId);
  if (known === undefined)
    await users.put([
      { id: userId, email, ...(name === undefined ? {} : { name }), ...(timeZone === undefined ? {} : { timeZone }) },
    ]);
  return { status: 'success', user_id: userId, created: known === undefined };
}

/** Sends the weekly digest to a slice of users; the week is part of the key, so each week's digest is sent once. */
export async function sendDigests(
  ports: EmailPorts,
  { from, until, ...slice }: DigestSliceInput,
  context: TaskContext,
): Promise<UserSliceOutput> {
  const users = await ports.users.list({ wantsDigest: true }, slice.after, slice.limit);
  const figures = await ports.digests.figures(
    users.map(({ id }) => id),
    from,
    until,
  );
  const email = ({ id, name, timeZone }: User): TemplatedEmail =>
    ports.templates.digest(name, weekOf(from, until, timeZone), figures.get(id) ?? NOTHING_READ);
  return sendToUsers(ports, users, { slice, email, key: ({ id }) => `digest:${until}:${id}` }, context);
}

/**
 * Reminds a slice of inactive users; the start of the absence is part of the key, so a user is reminded once for each
 * absence.
 */
export async function sendReminders(
  ports: EmailPorts,
  { now, ...slice }: ReminderSliceInput,
  context: TaskContext,
): Promise<UserSliceOutput> {
  const inactiveSince = new Date(Date.parse(now) - ports.inactiveAfterDays * DAY_MS).toISOString();
  const filter: UserFilter = { inactiveSince, wantsReminders: true };
  const users = await ports.users.list(filter, slice.after, slice.limit);
  const email = ({ name, lastActiveAt }: User): TemplatedEmail => {
    const days = lastActiveAt === null ? ports.inactiveAfterDays : (instantOf(now) - Date.parse(lastActiveAt)) / DAY_MS;
    return ports.templates.reminder(name, Math.floor(days));
  };
  const key = ({ id, lastActiveAt }: User): string => `reminder:${lastActiveAt ?? 'never'}:${id}`;
  return sendToUsers(ports, users, { slice, email, key }, context);
}

interface UserEmail {
  readonly slice: { readonly after: string; readonly limit: number; readonly round: number };
  readonly email: (user: User) => TemplatedEmail;
  readonly key: (user: User) => string;
}

async function sendToUsers(
  ports: EmailPorts,
  users: readonly User[],
  { slice, email, key }: UserEmail,
  context: TaskContext,
): Promise<UserSliceOutput> {
  const messages = await Promise.all(
    users.map(async (user): Promise<OutgoingEmail> => {
      const prepared = await ports.mailer.prepare({ ...email(user), bulk: true }, context.signal);
      return { key: key(user), to: user.email, email: prepared };
    }),
  );
  const outcome = await deliverChunk(
    ports,
    messages,
    { round: slice.round, giveUp: slice.round >= EMAIL_ROUNDS },
    context,
  );
  const last = users.at(-1);
  return { ...outcome, users: users.length, next: last !== undefined && users.length === slice.limit ? last.id : null };
}

/**
 * Formats the first and last day as the user reads dates; the end is exclusive, so the last day is the one before it.
 */
function weekOf(from: string, until: string, timeZone: string): string {
  const day = (ms: number): string => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(ms);
  return `${day(instantOf(from))} to ${day(instantOf(until) - 1)}`;
}
