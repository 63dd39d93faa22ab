/** The port of users. */

/** A person who receives reports, digests and reminders. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** IANA time zone; the user's days are counted in it. */
  readonly timeZone: string;
  /** ISO time, UTC; `null` when the user was never active. */
  readonly lastActiveAt: string | null;
  readonly wantsDigest: boolean;
  readonly wantsReminders: boolean;
}

/** A user before it is stored; missing fields get defaults. */
export type NewUser = Pick<User, 'id' | 'email'> & Partial<Omit<User, 'id' | 'email'>>;

/** Selects users for a listing. */
export interface UserFilter {
  /** ISO time; only users inactive since then. Users who were never active count from their creation. */
  readonly inactiveSince?: string;
  readonly wantsDigest?: boolean;
  readonly wantsReminders?: boolean;
}

/** Users. Every write may be repeated without a further effect. */
export interface UserStore {
  /** Adds users, or updates those that exist. */
  put(users: readonly NewUser[]): Promise<void>;
  find(id: string): Promise<User | undefined>;
  /** Returns a slice in the order of ids, starting after `after` (`''` for the first). */
  list(filter: UserFilter, after: string, limit: number): Promise<readonly User[]>;
}
