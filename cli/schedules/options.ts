/** Converts options of the command line to schedules. */
import type {
  NewSchedule,
  Overlap,
  PolicyWishes,
  ScheduleChanges,
  ScheduleTarget,
  SolarEvent,
  Timing,
} from '../../contracts/schedules/vocabulary.ts';
import { UsageError } from '../terminal/context.ts';
import { parseJson } from '../terminal/json.ts';

/** Options for the timing of a schedule. */
export interface TimingOptions {
  readonly cron?: string;
  readonly crontab?: string;
  readonly every?: number;
  readonly solar?: string;
  readonly zone?: string;
}

/** Options for all parts of a schedule. */
export interface ScheduleOptions extends TimingOptions {
  readonly task?: string;
  readonly input?: string;
  readonly workflow?: string;
  readonly args?: string;
  readonly purpose?: string;
  readonly onceADay?: boolean;
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
  if (timing === undefined) throw new UsageError('expected one of --cron, --crontab, --every and --solar');
  if (target === undefined) throw new UsageError('expected --task or --workflow');
  return { ...readChanges(options), id, timing, target, ...(options.paused ? { paused: true } : {}) };
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
    ...(options.onceADay === undefined ? {} : { onceADay: options.onceADay }),
    ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
  };
}

function readPolicy({ overlap, catchup, jitter }: ScheduleOptions): PolicyWishes {
  return {
    ...(overlap === undefined ? {} : { overlap }),
    ...(catchup === undefined ? {} : { catchupMs: catchup * 1000 }),
    ...(jitter === undefined ? {} : { jitterMs: jitter * 1000 }),
  };
}

/** Reads the timing, or `undefined` when no option gives one; the client checks its content. @throws UsageError more than one timing is given */
export function readTiming({ cron, crontab, every, solar }: TimingOptions): Timing | undefined {
  const said: (Timing | undefined)[] = [
    cron === undefined ? undefined : { cron },
    crontab === undefined ? undefined : { crontab: parseJson(Buffer.from(crontab), '--crontab') as object }, // checked by the client
    every === undefined ? undefined : { every: { seconds: every } },
    solar === undefined ? undefined : { solar: readSolar(solar) },
  ];
  const timings = said.filter((timing) => timing !== undefined);
  if (timings.length > 1) throw new UsageError('expected only one of --cron, --crontab, --every and --solar');
  return timings[0];
}

function readSolar(text: string): { event: SolarEvent; latitude: number; longitude: number } {
  const [event = '', latitude = '', longitude = '', ...more] = text.split(',').map((part) => part.trim());
  if (longitude === '' || more.length > 0)
    throw new UsageError(`--solar: expected event,latitude,longitude such as sunrise,40.7,-74.0, got '${text}'`);
  return { event: event as SolarEvent, latitude: Number(latitude), longitude: Number(longitude) }; // checked by the client
}

function readTarget({ task, input, workflow, args }: ScheduleOptions): ScheduleTarget | undefined {
  if (task !== undefined && workflow !== undefined) throw new UsageError('expected only one of --task and --workflow');
  if (task !== undefined) return { task, input: input === undefined ? {} : parseJson(Buffer.from(input), '--input') };
  if (workflow === undefined) return undefined;
  const list = args === undefined ? [] : parseJson(Buffer.from(args), '--args');
  if (!Array.isArray(list)) throw new UsageError('--args: expected a JSON array');
  return { workflow, args: list };
}
