/** Tells what this version cannot use from what is no definition at all. */
import { TASK_KIND } from '../contracts/tasks/with-schemas.ts';
import { CANVAS_KIND } from '../contracts/canvas/named.ts';
import { PLUGIN_KIND } from '../define/plugin.ts';
import { PORT_KIND } from '../define/port.ts';
import { ROUTE_KIND } from '../define/route.ts';
import { SCHEDULE_KIND } from '../define/schedule.ts';

const OURS: readonly string[] = [TASK_KIND, PLUGIN_KIND, SCHEDULE_KIND, CANVAS_KIND, ROUTE_KIND, PORT_KIND];
const ANY_VERSION = /^perennial\.(?:task|plugin|schedule|canvas|route|port)(?:\/|$)/;

/** Tells whether a value was defined with a version of the product whose definitions this one cannot use. */
export function isOfOtherVersion(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  return typeof kind === 'string' && ANY_VERSION.test(kind) && !OURS.includes(kind);
}
