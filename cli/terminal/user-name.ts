import { userInfo } from 'node:os';

/** Returns the name of the operating system's user, or the number of a user without a name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${String(process.getuid?.() ?? 'unknown')}`;
  }
}
