/** What the rest of the product knows of users. */

/** A person that reports, digests and reminders are for. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** IANA time zone; the user's days are counted in it. */
  readonly timeZone: string;
  /** ISO time, UTC; `null` before the first sign of life. */
  readonly lastActiveAt: string | null;
  readonly wantsDigest: boolean;
  readonly wantsReminders: boolean;
}

/** A user before it is stored; the rest has defaults. */
export type NewUser = Pick<User, 'id' | 'email'> & Partial<Omit<User, 'id' | 'email'>>;

/** Which users a listing gives. */
export interface UserFilter {
  /** Only users without a sign of life since this ISO time; users never seen count from their creation. */
  readonly inactiveSince?: string;
  readonly wantsDigest?: boolean;
  readonly wantsReminders?: boolean;
}

/** Users. Every write may be repeated without a further effect. */
export interface UserStore {
  /** Adds users, or brings those that exist up to date. */
  put(users: readonly NewUser[]): Promise<void>;
  find(id: string): Promise<User | undefined>;
  /** A slice in the order of ids, starting behind `after` (`''` for the first). */
  list(filter: UserFilter, after: string, limit: number): Promise<readonly User[]>;
}
