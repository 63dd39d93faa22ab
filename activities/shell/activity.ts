import type { AttemptFacts } from '../../contracts/tasks/calls.ts';

/**
 * A task as a worker registers it: its body wrapped by the shell. The server passes the facts of the call; direct
 * callers may omit them.
 */
export type Activity<Out = unknown> = (input: unknown, facts?: AttemptFacts) => Promise<Out>;

/** Activities by task name, as a worker registers them. */
export type Activities = Readonly<Record<string, Activity>>;
