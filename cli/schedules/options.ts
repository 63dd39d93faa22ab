/** Converts options of the command line to schedules. */
import type {
  NewSchedule,
  Overlap,
  PolicyOptions,
  ScheduleChanges,
  SolarEvent,
  Timing,
} from '../../contracts/schedules/vocabulary.ts';
import { UsageError } from '../terminal/context.ts';
import { readJson } from './json.ts';
import { readTarget, type TargetOptions } from './targets.ts';

/** Options for the timing of a schedule. */
export interface TimingOptions {
  readonly cron?: string;
  readonly crontab?: string;
  readonly every?: number;
  readonly solar?: string;
  readonly at?: string;
  readonly zone?: string;
  readonly onceADay?: boolean;
  /** `false` removes the start. */
  readonly start?: string | false;
  /** `false` removes the end. */
  readonly end?: string | false;
  readonly oneOff?: boolean;
}

/** Options for all parts of a schedule. */
export interface ScheduleOptions extends TimingOptions, TargetOptions {
  readonly purpose?: string;
  readonly paused?: boolean;
  readonly overlap?: Overlap;
  readonly catchup?: number;
  readonly jitter?: number;
  readonly json?: boolean;
}

/** Reads a new schedule from options. @throws UsageError a part is missing or is not JSON */
export function readSchedule(id: string, options: ScheduleOptions): NewSchedule {
  const timing = readTiming(options);
  const target = readTarget(options);
  if (timing === undefined) throw new UsageError(`expected one of ${TIMINGS}`);
  if (target === undefined) throw new UsageError('expected --task, --workflow or --canvas');
  const { start, end, ...rest } = readChanges(options);
  return {
    ...rest,
    ...(typeof start === 'string' ? { start } : {}),
    ...(typeof end === 'string' ? { end } : {}),
    ...{ id, timing, target },
    ...(options.paused ? { paused: true } : {}),
  };
}

/** Reads changes of a schedule from options. @throws UsageError a part is not JSON */
export function readChanges(options: ScheduleOptions): ScheduleChanges {
  const timing = readTiming(options);
  const target = readTarget(options);
  const policy = readPolicy(options);
  return {
    ...(timing === undefined ? {} : { timing }),
    ...(target === undefined ? {} : { target }),
    ...(options.zone === undefined ? {} : { timeZone: options.zone }),
    ...readRange(options),
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
  };
}

function readPolicy({ overlap, catchup, jitter }: ScheduleOptions): PolicyOptions {
  return {
    ...(overlap === undefined ? {} : { overlap }),
    ...(catchup === undefined ? {} : { catchupMs: catchup * 1000 }),
    ...(jitter === undefined ? {} : { jitterMs: jitter * 1000 }),
  };
}

const TIMINGS = '--cron, --crontab, --every, --solar and --at';

/** Reads what limits the times of a timing. */
export function readRange({
  onceADay,
  start,
  end,
  oneOff,
}: TimingOptions): Pick<ScheduleChanges, 'onceADay' | 'start' | 'end' | 'oneOff'> {
  return {
    ...(onceADay === undefined ? {} : { onceADay }),
    ...(start === undefined ? {} : { start: start === false ? null : start }),
    ...(end === undefined ? {} : { end: end === false ? null : end }),
    ...(oneOff === undefined ? {} : { oneOff }),
  };
}

/** Reads the timing, or `undefined` when no option gives one; the client checks its content. @throws UsageError more than one timing is given */
export function readTiming({ cron, crontab, every, solar, at }: TimingOptions): Timing | undefined {
  const said: (Timing | undefined)[] = [
    cron === undefined ? undefined : { cron },
    crontab === undefined ? undefined : { crontab: readJson(crontab, '--crontab') as object }, // checked by the client
    every === undefined ? undefined : { every: { seconds: every } },
    solar === undefined ? undefined : { solar: readSolar(solar) },
    at === undefined ? undefined : { at },
  ];
  const timings = said.filter((timing) => timing !== undefined);
  if (timings.length > 1) throw new UsageError(`expected only one of ${TIMINGS}`);
  return timings[0];
}

function readSolar(text: string): { event: SolarEvent; latitude: number; longitude: number } {
  const [event = '', latitude = '', longitude = '', ...more] = text.split(',').map((part) => part.trim());
  if (longitude === '' || more.length > 0)
    throw new UsageError(`--solar: expected event,latitude,longitude such as sunrise,40.7,-74.0, got '${text}'`);
  return { event: event as SolarEvent, latitude: Number(latitude), longitude: Number(longitude) }; // checked by the client
}
