/** Ids of the calls that a canvas makes, and the keys by which the run of a call is found. */

/** Returns the id of a call that no caller has named: that of the run that numbers it, and the number. */
export function memberId(workflowId: string, number: number): string {
  return `${workflowId}/${String(number)}`;
}

/** Returns the run that may have numbered a call; `undefined` for an id that only a caller can have given. */
export function runOfMember(id: string): string | undefined {
  return /^(.+)\/[1-9]\d*$/.exec(id)?.[1];
}

/** Returns the workflow id of a call that is a run of its own. */
export function childOfMember(workflowId: string, id: string): string {
  return id.startsWith(`${workflowId}/`) ? id : `${workflowId}/${id}`;
}

/** Separates ids of calls from the numbers that the SDK gives to other activities of the same run. */
const PREFIX = 'task:';

/** Returns the activity id of a call, so that the server shows and finds it by the id of the task. */
export function memberActivityId(id: string): string {
  return PREFIX + id;
}

/** Returns the id of the call that an activity makes; `undefined` for an activity that the SDK has numbered. */
export function memberOfActivity(activityId: string): string | undefined {
  return activityId.startsWith(PREFIX) ? activityId.slice(PREFIX.length) : undefined;
}

/** Most keys of one run: a search attribute of the server holds 2 kB. */
export const MAX_MEMBER_KEYS = 250;

/** Stands among the keys of a run that has more calls with ids of callers than keys. */
export const MORE_MEMBERS = '+';

const KEYS = 36 ** 4;

/** Returns the key of an id that a caller gave. Several ids may have one key, so the run is asked whether it has the call. */
export function memberKey(id: string): string {
  let hash = 0x811c9dc5; // FNV-1a
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return ((hash >>> 0) % KEYS).toString(36);
}
