/** The times to come of a timing, as the server will see them, with changes of clocks marked. */
import { type Moment, moments } from './moments.ts';
import { sunny } from './sunny.ts';
import type { CompiledTiming } from './timing.ts';
import { localText, offsetOf, wallText } from './zones.ts';

/**
 * A time to come, or one that the wall clock leaves out.
 *
 * @example
 * ```ts
 * const times = await perennial.schedules.preview({ cron: '30 2 * * *' }, 'Europe/Berlin', { count: 100 });
 * for (const { kind, local, note } of times) if (kind === 'gap') console.log(local, note);
 * ```
 */
export interface Occurrence {
  /** `gap`: no run, because this time does not exist on that day, or the sun stays away. */
  readonly kind: 'run' | 'gap';
  /** The instant, ISO in UTC; of a gap the instant at which the clock jumps. */
  readonly at: string;
  /** What the wall clock shows, with its offset. */
  readonly local: string;
  /** Said where the clock changes, in words. */
  readonly note?: string;
}

/** Which times are wanted. */
export interface ForecastOptions {
  /** Times after this one, in milliseconds. */
  readonly afterMs: number;
  /** Runs wanted; gaps come on top. */
  readonly count?: number;
  /** No times after this one, in milliseconds. */
  readonly untilMs?: number;
  /** Zone in which times are shown. @defaultValue the zone of the timing */
  readonly showIn?: string;
}

/** The times to come in order. Ends after `count` runs, behind `untilMs`, or when nothing comes any more. */
export function forecast(timing: CompiledTiming, options: ForecastOptions): readonly Occurrence[] {
  const { afterMs, count = Infinity, untilMs = Infinity } = options;
  const zone = options.showIn ?? timing.timeZone;
  const found: Occurrence[] = [];
  let runs = 0;
  let lastMs = afterMs;
  const coming = timing.solar === undefined ? moments(timing, afterMs, untilMs) : sunny(timing.solar, afterMs, untilMs);
  for (const moment of coming) {
    found.push(shown(moment, lastMs, zone));
    if (moment.kind === 'gap') continue;
    runs += 1;
    lastMs = moment.atMs;
    if (runs >= count) break;
  }
  return found;
}

/**
 * Runs only, in milliseconds: what an audit compares with what was started, and
 * what a backfill starts.
 *
 * @param limit - ends after so many. @defaultValue no limit
 */
export function dueTimes(
  timing: CompiledTiming,
  afterMs: number,
  untilMs: number,
  limit = Infinity,
): readonly number[] {
  const due: number[] = [];
  for (const { kind, atMs } of moments(timing, afterMs, untilMs)) {
    if (kind === 'run') due.push(atMs);
    if (due.length >= limit) break;
  }
  return due;
}

function shown({ kind, atMs, note, wallMs }: Moment, lastMs: number, zone: string): Occurrence {
  const changed = offsetOf(atMs, zone) !== offsetOf(lastMs, zone);
  const words = note ?? (changed && kind === 'run' ? 'first run after a change of clocks' : undefined);
  return {
    kind,
    at: new Date(atMs).toISOString(),
    local: wallMs === undefined ? localText(atMs, zone) : wallText(wallMs),
    ...(words === undefined ? {} : { note: words }),
  };
}
