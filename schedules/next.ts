/** Forecasts the times of a timing as the server will compute them, with changes of clocks marked. */
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
  /** `gap` is a time without a run, because it does not exist on that day or the sun neither rises nor sets. */
  readonly kind: 'run' | 'gap';
  /** The instant as ISO time in UTC; for a gap, the instant at which the clock jumps. */
  readonly at: string;
  /** Wall clock time with its offset. */
  readonly local: string;
  /** Explains a change of clocks. */
  readonly note?: string;
}

/** Selects the times of a forecast. */
export interface ForecastOptions {
  /** Only times after this one, in milliseconds. */
  readonly afterMs: number;
  /** Number of runs; gaps are not counted. */
  readonly count?: number;
  /** Only times up to this one, in milliseconds. */
  readonly untilMs?: number;
  /**
   * Time zone of the shown times.
   * @defaultValue the zone of the timing
   */
  readonly showIn?: string;
}

/**
 * Returns future times in order. The list ends after `count` runs, after `untilMs`, or when the timing has no more
 * times.
 */
export function forecast(timing: CompiledTiming, options: ForecastOptions): readonly Occurrence[] {
  const { afterMs, count = Infinity, untilMs = Infinity } = options;
  const zone = options.showIn ?? timing.timeZone;
  const found: Occurrence[] = [];
  let runs = 0;
  let lastMs = afterMs;
  const { solar } = timing;
  const coming =
    solar === undefined
      ? moments(timing, afterMs, untilMs)
      : sunny(solar, Math.max(afterMs, solar.startMs - 1), Math.min(untilMs, solar.endMs));
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
 * Returns the times of runs in milliseconds, which an audit compares with started runs and a backfill starts.
 * @param limit - largest number of times.
 * @defaultValue no limit
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
